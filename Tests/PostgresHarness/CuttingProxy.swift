// Stands between clients and a PostgreSQL server, passes messages on, and cuts the connection where
// it was told to: so every point at which a connection can end is tried, and none is left to luck.

import DaemonHarness
import Foundation
import Glibc
import Scratch
import Store
import Synchronization

package final class CuttingProxy: Sendable {
    private struct State {
        var cut: Cut?
        /// What is not passed on, and how often.
        var swallowed: (tag: String, times: Int)?
        var messages: [Cut.Sender: Int] = [:]
        var cuts = 0
        var threads: [JoinableThread] = []
        var connections: [Descriptor] = []
        /// Connections that were cut, by their numbers: nothing more of them is passed on.
        var dead: Set<Int32> = []
        /// What the server shall get later, by connection.
        var held: [Int32: Held] = [:]
        var replacement: (old: [UInt8], new: [UInt8])?
        var replaced = 0
        var isOver = false

        /// Counts a message, and says where it is cut, if it is.
        mutating func place(of message: [UInt8], of sender: Cut.Sender) -> Cut.Place? {
            let number = messages[sender, default: 0]
            messages[sender] = number + 1
            if let cut, cut.sender == sender, cut.message == number {
                self.cut = nil
                return cut.place
            }
            guard let (tag, times) = swallowed, sender == .server, message.isCompletion(of: tag)
            else { return nil }
            swallowed = times > 1 ? (tag, times - 1) : nil
            return .before
        }

        /// A client's statements end with Sync.
        mutating func hold(_ message: [UInt8], on link: Int32) -> Fate {
            held[link]?.bytes += message
            return message.first == UInt8(ascii: "S") ? .heldBack : .dropped
        }

        mutating func changed(_ message: [UInt8]) -> [UInt8] {
            guard let replacement, let found = message.firstRange(of: replacement.old) else {
                return message
            }
            replaced += 1
            var message = message
            message.replaceSubrange(found, with: replacement.new)
            return message
        }
    }

    private struct Held {
        let server: Descriptor
        var bytes: [UInt8]
    }

    /// What becomes of a message.
    private enum Fate {
        case passed([UInt8])
        case dropped
        /// It is the last, of which so much arrives.
        case cut(ArraySlice<UInt8>)
        /// The client has sent all that is held back.
        case heldBack
    }

    private let directory: TemporaryDirectory
    private let listener: Descriptor
    private let server: String
    private let state = Mutex(State())

    /// - Parameter server: the path of its socket.
    package init(to server: String) throws {
        self.server = server
        directory = try TemporaryDirectory()
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        listener = try Descriptor(socket(AF_UNIX, kind, 0), "socket")
        let status = Self.withAddress(of: Cluster.socket(in: directory.path)) { address, size in
            bind(listener.number, address, size)
        }
        guard status == 0, listen(listener.number, 16) == 0 else { throw HarnessFault.call("bind") }
        keep(JoinableThread(named: "accept") { [self] in accept() })
    }

    /// Where a client looks for the server.
    package var path: String { directory.path }

    /// Ends all connections and threads; once more, it does nothing.
    package func close() {
        let (threads, connections) = state.withLock { state in
            state.isOver = true
            defer { state.threads = [] }
            return (state.threads, state.connections)
        }
        shutdown(listener.number, Int32(SHUT_RDWR))
        for connection in connections { shutdown(connection.number, Int32(SHUT_RDWR)) }
        for thread in threads { thread.join() }
    }

    /// Counts messages from here on, and cuts at one of them, once.
    package func cut(_ cut: Cut?) {
        state.withLock { state in
            (state.cut, state.swallowed, state.messages) = (cut, nil, [:])
        }
    }

    /// Cuts, so often, instead of passing on that the server has done what this tag says.
    package func swallow(_ tag: String, times: Int = 1) {
        state.withLock { state in
            (state.cut, state.swallowed, state.messages) = (nil, (tag, times), [:])
        }
    }

    /// Writes other bytes, of the same number, wherever a client sends these.
    package func replace(_ old: String, with new: String) {
        precondition(old.utf8.count == new.utf8.count, "messages keep their lengths")
        state.withLock { $0.replacement = (Array(old.utf8), Array(new.utf8)) }
    }

    /// How many messages it has changed.
    package var replaced: Int { state.withLock { $0.replaced } }

    /// Has the server get what was held back.
    package func release() {
        for held in state.withLock({ $0.held }).values {
            _ = write(held.bytes[...], to: held.server)
        }
    }

    /// Messages since `cut` was called.
    package func messages(of sender: Cut.Sender) -> Int {
        state.withLock { $0.messages[sender, default: 0] }
    }

    /// How often it has cut.
    package var cuts: Int { state.withLock { $0.cuts } }

    // MARK: Its threads

    private func keep(_ thread: JoinableThread) { state.withLock { $0.threads.append(thread) } }

    private func accept() {
        while true {
            let number = Glibc.accept(listener.number, nil, nil)
            guard number >= 0 else { return }
            do {
                let client = try Descriptor(number, "accept")
                let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
                let server = try Descriptor(socket(AF_UNIX, kind, 0), "socket")
                let status = Self.withAddress(of: self.server) { address, size in
                    connect(server.number, address, size)
                }
                guard status == 0 else { continue }
                pass(client, server)
            } catch {
                return print("the proxy takes no more connections: \(error)")
            }
        }
    }

    private func pass(_ client: Descriptor, _ server: Descriptor) {
        let isOver = state.withLock { state in
            state.connections += [client, server]
            return state.isOver
        }
        guard !isOver else { return }
        // Descriptors are closed with the proxy, so no other connection gets the number.
        let link = client.number
        keep(
            JoinableThread(named: "from client") { [self] in
                pass(link, .client, from: client, to: server)
            })
        keep(
            JoinableThread(named: "from server") { [self] in
                pass(link, .server, from: server, to: client)
            })
    }

    private func pass(
        _ link: Int32, _ sender: Cut.Sender, from source: Descriptor, to target: Descriptor
    ) {
        var isTargetLeft = false
        defer {
            shutdown(source.number, Int32(SHUT_RDWR))
            if !isTargetLeft { shutdown(target.number, Int32(SHUT_RDWR)) }
        }
        var splitter = MessageSplitter(of: sender)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(source.number, &buffer, buffer.count)
            guard count > 0 else { return }
            splitter.append(Array(buffer[..<count]))
            while let message = splitter.next() {
                switch fate(of: message, from: sender, on: link, to: target) {
                case .passed(let bytes): guard write(bytes[...], to: target) else { return }
                case .dropped: break
                case .cut(let bytes):
                    _ = write(bytes, to: target)
                    return
                case .heldBack:
                    isTargetLeft = true
                    return
                }
            }
        }
    }

    private func fate(
        of message: [UInt8], from sender: Cut.Sender, on link: Int32, to target: Descriptor
    ) -> Fate {
        state.withLock { state in
            if state.held[link] != nil {
                // What the server says, nobody hears.
                return sender == .server ? .dropped : state.hold(message, on: link)
            }
            guard !state.dead.contains(link) else { return .cut([]) }
            guard let place = state.place(of: message, of: sender) else {
                return .passed(sender == .client ? state.changed(message) : message)
            }
            state.cuts += 1
            if place == .held {
                state.held[link] = Held(server: target, bytes: [])
                return state.hold(message, on: link)
            }
            state.dead.insert(link)
            switch place {
            case .before, .held: return .cut([])
            case .within(let count): return .cut(message.prefix(count))
            case .after: return .cut(message[...])
            }
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>, to target: Descriptor) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(target.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func withAddress<Result>(
        of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { room in
            // A directory of the tests is much shorter than the 108 bytes there are.
            precondition(path.utf8.count < room.count, "the path of a socket is too long")
            room.copyBytes(from: path.utf8)
        }
        return withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

extension [UInt8] {
    /// Whether it is CommandComplete of what has this tag.
    fileprivate func isCompletion(of tag: String) -> Bool {
        first == UInt8(ascii: "C") && dropFirst(5).starts(with: Array(tag.utf8) + [0])
    }
}
