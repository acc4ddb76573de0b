// What a stage gives to totpd in place of the world: a clock that stands still until a test moves
// it, and a log that is kept in memory.

import Accounts
import Synchronization

final class ManualClock: Sendable {
    private let moment = Mutex(Player.beginning)

    var now: Instant { moment.withLock { $0 } }

    func set(_ now: Instant) { moment.withLock { $0 = now } }
}

/// Sentences that totpd would have logged, from whatever thread.
final class Notes: Sendable {
    private let sentences = Mutex<[String]>([])

    var all: [String] { sentences.withLock { $0 } }

    @Sendable func add(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
}

/// What changes, or hangs on, the whole process: binding a socket sets the umask for a moment, and
/// a file made or a child started just then would get it. One at a time.
enum ProcessWide {
    private static let turn = Mutex(())

    static func run<Result>(_ body: () throws -> Result) throws -> Result {
        let outcome = turn.withLock { _ in
            Swift.Result { try body() }.mapError { ProcessFault(description: "\($0)") }
        }
        return try outcome.get()
    }
}

struct ProcessFault: Error, CustomStringConvertible {
    let description: String
}
