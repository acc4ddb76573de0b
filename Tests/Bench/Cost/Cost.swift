// What a verify costs a processor, from its line to its reply, without sockets and threads. It
// prints nanoseconds for each stage. Tests/Bench/instructions runs it under valgrind.
//
// Usage: totpcost DIRECTORY ACCOUNTS VERIFIES BATCH, the directory being one that is not there.

import Accounts
import Glibc
import InlineWork
import LMDBStore
import OneTimeCodes
import Secrets
import Server
import Store
import Synchronization
import Wire

@main
struct Cost {
    private static let start = Instant(seconds: 1_800_000_000)
    private static let app = Caller.app(.standard)
    private static let peer = Peer(uid: 0, pid: 1)

    private let store: LMDBStore
    private let batch: Int
    private let queue = Queue()
    private let dispatcher: Dispatcher
    private var nanoseconds = (ask: 0, apply: 0, reply: 0)

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst(2).compactMap { Int($0) }
        guard CommandLine.arguments.count == 5, arguments.count == 3 else {
            print("usage: totpcost DIRECTORY ACCOUNTS VERIFIES BATCH")
            exit(EX_USAGE)
        }
        _ = SecureHeap.start()
        var cost = try Cost(CommandLine.arguments[1], batch: arguments[2])
        try cost.importAccounts(arguments[0])
        try cost.verify(arguments[1], of: arguments[0])
        cost.store.close()
    }

    private init(_ directory: String, batch: Int) throws {
        // Valgrind has no room for a map as large as the daemon's.
        store = try LMDBStore(
            path: directory, ring: KeyRing(current: .generate()), at: Self.start,
            mapBytes: 8 << 30)
        self.batch = batch
        dispatcher = Dispatcher(
            version: "0", store: store, queue: queue, slowWork: InlineWork(store: store),
            clock: { Self.start }, warn: { print($0) })
    }

    private static func secret(_ account: Int) -> SecretBytes {
        SecretBytes((0..<20).map { UInt8(truncatingIfNeeded: account >> ($0 % 4 * 8)) })
    }

    private mutating func importAccounts(_ count: Int) throws {
        for first in stride(from: 0, to: count, by: batch) {
            let range = first..<min(first + batch, count)
            let lines = range.map { account in
                let secret = Base32.encode(Self.secret(account))
                return #"{"op":"import","user":"user\#(account)","secret":"\#(secret)"}"#
            }
            try ask(lines.map { Array($0.utf8) }, from: .admin)
        }
        nanoseconds = (0, 0, 0)
    }

    /// Each account once, in an order that is no order of the store's.
    @inline(never)
    private mutating func verify(_ count: Int, of accounts: Int) throws {
        precondition(count <= accounts, "a code counts once")
        let step = TOTP.step(at: Self.start.seconds, period: 30)
        for first in stride(from: 0, to: count, by: batch) {
            let lines = (first..<min(first + batch, count)).map { index in
                let account = Int(UInt64(index) &* 2_654_435_761 % UInt64(accounts))
                let code = TOTP.code(
                    secret: Self.secret(account), step: step, parameters: .standard)
                return #"{"op":"verify","user":"user\#(account)","code":"\#(code.text)"}"#
            }
            try ask(lines.map { Array($0.utf8) }, from: Self.app)
        }
        guard count > 0 else { return }
        let (ask, apply, reply) = nanoseconds
        print(
            "ns a verify: parse and dispatch \(ask / count), store \(apply / count), "
                + "reply \(reply / count)")
    }

    private mutating func ask(_ lines: [[UInt8]], from caller: Caller) throws {
        try decide(lines, from: caller)
        precondition(queue.countOfYes() == lines.count, "a reply is no yes")
    }

    /// All that the daemon would do, and what valgrind counts.
    @inline(never)
    private mutating func decide(_ lines: [[UInt8]], from caller: Caller) throws {
        let begun = Self.now()
        for bytes in lines {
            let request = try bytes.withUnsafeBytes { try Request.parse($0, from: caller) }
            dispatcher.dispatch(request, from: caller, Self.peer) { [queue] reply in
                queue.write(reply)
            }
        }
        let asked = Self.now()
        let (changes, submissions) = queue.take()
        let results = try store.apply(changes)
        let applied = Self.now()
        for (result, submission) in zip(results, submissions) {
            submission.tell(result)
        }
        let replied = Self.now()
        nanoseconds.ask += asked - begun
        nanoseconds.apply += applied - asked
        nanoseconds.reply += replied - applied
    }

    /// Processor time of this thread.
    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

/// Gathers changes, as the event loop does in a turn, and writes replies into one buffer.
private final class Queue: ChangeQueue {
    private struct State {
        var changes: [Change] = []
        var submissions: [Submission] = []
        var replies: [UInt8] = []
    }
    private let state = Mutex(State())

    func submit(_ submission: Submission, of party: Party) -> Bool {
        state.withLock {
            $0.changes.append(submission.change)
            $0.submissions.append(submission)
        }
        return true
    }

    /// Nobody looks while costs are measured.
    func look<Found: Sendable>(
        _ body: @escaping @Sendable (any AccountStore) -> Found,
        _ completion: @escaping @Sendable (Found?) -> Void
    ) -> Bool { false }
    func report(_ completion: @escaping @Sendable (StoreReport.Outcome) -> Void) {
        completion(.late)
    }

    func take() -> ([Change], [Submission]) {
        state.withLock { state in
            defer { (state.changes, state.submissions) = ([], []) }
            return (state.changes, state.submissions)
        }
    }

    func write(_ reply: Reply) { state.withLock { reply.write(to: &$0.replies, id: nil) } }

    /// Counts the replies since the last time that said yes.
    func countOfYes() -> Int {
        state.withLock { state in
            defer { state.replies.removeAll(keepingCapacity: true) }
            return state.replies.split(separator: UInt8(ascii: "\n")).count {
                $0.starts(with: #"{"ok":true"#.utf8)
            }
        }
    }
}
