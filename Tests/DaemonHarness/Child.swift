// A process that a test started. It ends with the test, by its own id.

import Foundation
import Patience

package final class Child {
    package enum Ending: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    package let pid: pid_t
    private let output: Descriptor
    private let errors: Descriptor
    private var outputBytes: [UInt8] = []
    private var errorBytes: [UInt8] = []
    private var isOutputOver = false
    private var isErrorsOver = false
    private var ending: Ending?

    /// - Parameter descriptors: what the child finds under which number, beside 0, 1 and 2.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String],
        descriptors: [Int32: Descriptor] = [:]
    ) throws {
        let (output, outputEnd) = try Descriptor.pair()
        let (errors, errorsEnd) = try Descriptor.pair()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.freeSignals(&attributes)
        let wanted = [1: outputEnd, 2: errorsEnd].merging(descriptors, uniquingKeysWith: { $1 })
        // High numbers first, so that no target number is overwritten before it is copied.
        var copies: [Descriptor] = []
        for (target, source) in wanted {
            let copy = try Descriptor(fcntl(source.number, F_DUPFD_CLOEXEC, 100), "fcntl")
            posix_spawn_file_actions_adddup2(&actions, copy.number, target)
            copies.append(copy)
        }
        try Self.closeOthers(from: (wanted.keys.max() ?? 2) + 1, &actions)
        var started = pid_t()
        let status = Self.withStrings([path] + arguments) { arguments in
            Self.withStrings(environment.map { "\($0)=\($1)" }) { environment in
                posix_spawn(&started, path, &actions, &attributes, arguments, environment)
            }
        }
        withExtendedLifetime(copies) {}
        guard status == 0 else { throw HarnessFault("posix_spawn \(path): error \(status)") }
        pid = started
        (self.output, self.errors) = (output, errors)
    }

    private typealias CloseFrom =
        @convention(c) (
            UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32
        ) -> Int32

    /// NIO accepts without SOCK_CLOEXEC: a child that held a connection of a server in this process
    /// would keep it from being seen to close.
    private static func closeOthers(
        from first: Int32, _ actions: inout posix_spawn_file_actions_t
    ) throws {
        // Declared only under _GNU_SOURCE, without which Swift imports glibc; there since 2.34.
        let name = "posix_spawn_file_actions_addclosefrom_np"
        guard let symbol = dlsym(nil, name) else { throw HarnessFault("no \(name)") }
        let status = unsafeBitCast(symbol, to: CloseFrom.self)(&actions, first)
        guard status == 0 else { throw HarnessFault("\(name): error \(status)") }
    }

    /// A test's thread blocks most signals, as libdispatch's threads do; a child must not inherit
    /// that.
    private static func freeSignals(_ attributes: inout posix_spawnattr_t) {
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    }

    deinit {
        guard ending == nil else { return }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    package func signal(_ number: Int32) {
        guard ending == nil else { return }
        kill(pid, number)
    }

    /// Stops all of its threads (SIGSTOP), and returns once they stand; SIGCONT lets them go on.
    package func freeze() throws {
        kill(pid, SIGSTOP)
        var status: Int32 = 0
        guard waitpid(pid, &status, WUNTRACED) == pid else { throw HarnessFault.call("waitpid") }
        guard status & 0xff == 0x7f else {
            ending = Self.ending(status)
            throw HarnessFault("the process ended instead of stopping: \(complaints)")
        }
    }

    // MARK: What it wrote

    /// Standard output so far, complete once it has ended.
    package var printed: String { String(decoding: outputBytes, as: UTF8.self) }
    /// Standard error so far.
    package var complaints: String { String(decoding: errorBytes, as: UTF8.self) }

    /// Reads on until standard error satisfies `condition`; false when it ended without.
    package func read(
        until condition: (String) -> Bool, _ deadline: Deadline = .usual
    ) throws -> Bool {
        while !condition(complaints) {
            guard try readMore(deadline) else { return condition(complaints) }
        }
        return true
    }

    /// Takes what is there already, without waiting.
    package func readWhatIsThere() throws {
        while let bytes = try output.readNow(), !bytes.isEmpty { outputBytes += bytes }
        while let bytes = try errors.readNow(), !bytes.isEmpty { errorBytes += bytes }
    }

    /// False at the end of both.
    private func readMore(_ deadline: Deadline) throws -> Bool {
        guard !(isOutputOver && isErrorsOver) else { return false }
        var both = [(output, isOutputOver), (errors, isErrorsOver)].map { stream, isOver in
            pollfd(fd: isOver ? -1 : stream.number, events: Int16(POLLIN), revents: 0)
        }
        if poll(&both, 2, deadline.orSooner(seconds: 1).millisecondsLeft) == 0 {
            let watch = ProcessorWatch(of: pid)
            guard poll(&both, 2, deadline.millisecondsLeft) > 0 else {
                throw HarnessFault(
                    "process \(pid) said nothing more in time (\(watch.report())), after: "
                        + complaints)
            }
        }
        if both[0].revents != 0, let bytes = try output.readNow() {
            outputBytes += bytes
            isOutputOver = bytes.isEmpty
        }
        if both[1].revents != 0, let bytes = try errors.readNow() {
            errorBytes += bytes
            isErrorsOver = bytes.isEmpty
        }
        return true
    }

    // MARK: Its end

    /// Waits until it has ended by itself; it is killed, and a fault thrown, when it does not in
    /// time.
    @discardableResult
    package func wait(_ deadline: Deadline = .usual) throws -> Ending {
        if let ending { return ending }
        do {
            // Both streams end with the process.
            while try readMore(deadline) {}
        } catch {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            ending = .signalled(SIGKILL)
            throw error
        }
        var status: Int32 = 0
        guard waitpid(pid, &status, 0) == pid else { throw HarnessFault.call("waitpid") }
        let ended = Self.ending(status)
        ending = ended
        return ended
    }

    private static func ending(_ status: Int32) -> Ending {
        status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
    }

    /// Lends a null-terminated array of C strings.
    private static func withStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        pointers.append(nil)
        return body(pointers)
    }
}
