// Depth 1: the dispatcher on its own, over memory. Bytes go through the reader and the writer of
// lines, but through no socket, thread or disk.

import Accounts
import Configuration
import InlineWork
import Server
import Store
import Synchronization
import Testing
import Wire

import class StoreHarness.MemoryStore

final class DispatcherStage: Stage {
    private let store = MemoryStore()
    private let clock = ManualClock()
    private let configuration = LiveConfiguration()
    private let log = Notes()
    private var dispatcher: Dispatcher?

    init() throws {
        try restart()
    }

    func set(_ now: Instant) { clock.set(now) }

    func restart() throws {
        let direct = InlineWork(store: store)
        dispatcher = Dispatcher(
            version: "test", store: store, configuration: configuration, queue: direct,
            slowWork: direct,
            clock: { [clock] in clock.now }, warn: log.add)
    }

    func configure(_ text: String) throws {
        configuration.replace(with: try ConfigurationReader.read(Array(text.utf8), names: .none))
    }

    func ask(_ line: String, as speaker: Speaker) throws -> String {
        let caller: Caller
        switch speaker {
        case .app(let name): caller = .app(name)
        case .admin, .watcher: caller = .admin
        }
        let reply = try reply(to: Array(line.utf8), from: caller)
        let bytes = try #require(reply, "there was no reply")
        #expect(bytes.last == UInt8(ascii: "\n"))
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    func hear(as speaker: Speaker) throws -> String {
        preconditionFailure("the parser lets nobody watch here")
    }

    private func reply(to line: [UInt8], from caller: Caller) throws -> [UInt8]? {
        let dispatcher = try #require(dispatcher)
        let answers = Answers()
        line.withUnsafeBytes { bytes in
            do throws(RefusedLine) {
                let request = try Request.parse(bytes, from: caller)
                let peer = Peer(uid: 0, pid: 1)
                dispatcher.dispatch(request, from: caller, peer) { reply in
                    answers.add(reply.line(id: request.id))
                }
            } catch {
                answers.add(Reply.refused(error.refusal).line(id: error.id))
            }
        }
        let all = answers.all
        #expect(all.count == 1, "a request is answered exactly once")
        return all.first
    }

    func finish() throws {
        #expect(try store.check().problems == [])
        #expect(log.all == [])
    }
}

extension UnixNames {
    /// Dialogues are spoken by nobody's users.
    static let none = UnixNames(uid: { _ in nil }, gid: { _ in nil })
}

private final class Answers: Sendable {
    private let lines = Mutex<[[UInt8]]>([])

    func add(_ line: [UInt8]) { lines.withLock { $0.append(line) } }
    var all: [[UInt8]] { lines.withLock { $0 } }
}
