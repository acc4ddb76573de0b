// Fifty clients that ask without a pause, each for its own accounts, and ask again with the same
// `attempt` when a connection is lost, as every app should. They note every unexpected answer.

import DaemonHarness
import Foundation
import OneTimeCodes
import Secrets
import Synchronization

final class Crowd: Sendable {
    static let size = 50
    /// Each account is asked about twice: two codes that are right, or two that are not.
    static let requestsEach = 2

    struct Tally: Sendable {
        var requests = 0
        /// Requests that were sent once more because no answer had come.
        var retries = 0
        /// Answers that are not what they must be, and requests that got none; the first few.
        var wrong: [String] = []
        var longestWait = Duration.zero
        /// The longest time in which nobody got an answer.
        var longestPause = Duration.zero
        fileprivate var lastAnswer = ContinuousClock.now
    }

    let accounts: [Account]
    private let next = Atomic(0)
    private let isOver = Atomic(false)
    private let tally = Mutex(Tally())
    private let isDone = DispatchGroup()

    /// Accounts with one secret between them.
    init(accounts count: Int) throws {
        let secret = Randomness.secret(20)
        accounts = (0..<count).map { Account("crowd \($0)", secret: secret) }
        let client = try Service.connect(Service.adminSocket)
        for start in stride(from: 0, to: count, by: 512) {
            let part = accounts[start..<min(start + 512, count)]
            let lines = part.map(\.importing).joined(separator: "\n") + "\n"
            try client.send(bytes: Array(lines.utf8))
            for _ in part {
                guard try client.receive() == #"{"ok":true}"# else {
                    throw HarnessFault("an account was not imported")
                }
            }
        }
    }

    /// The accounts that wrong codes are sent for.
    static func isGuessed(_ index: Int) -> Bool { index.isMultiple(of: 4) }

    /// Lets all clients loose while `body` runs, and returns what they met once the last has its
    /// last answer.
    func ask(while body: () throws -> Void) throws -> Tally {
        tally.withLock { $0 = Tally() }
        isOver.store(false, ordering: .relaxed)
        for _ in 0..<Self.size {
            isDone.enter()
            let thread = Thread { [self] in
                work()
                isDone.leave()
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
        defer {
            isOver.store(true, ordering: .relaxed)
            isDone.wait()
        }
        try body()
        isOver.store(true, ordering: .relaxed)
        isDone.wait()
        return tally.withLock { $0 }
    }

    var requestsSoFar: Int { tally.withLock { $0.requests } }

    /// How many accounts were asked about, from the first on.
    var used: Int { min(next.load(ordering: .relaxed), accounts.count) }

    private func work() {
        var connection: LineConnection?
        while !isOver.load(ordering: .relaxed) {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < accounts.count else {
                return note { $0.wrong.append("there were too few accounts for so long a time") }
            }
            for turn in 0..<Self.requestsEach { ask(index, turn, &connection) }
        }
    }

    private func ask(_ index: Int, _ turn: Int, _ connection: inout LineConnection?) {
        let account = accounts[index]
        let isGuess = Self.isGuessed(index)
        let code = isGuess ? account.wrongCode() : account.rightCode(Int64(turn))
        let attempt = String(UInt64.random(in: .min ... .max), radix: 36) + "-crowd-attempt"
        let line = account.verifying(code, attempt: attempt)
        let expected = isGuess ? #""error":"wrong_code""# : #"{"ok":true,"#
        let begun = ContinuousClock.now
        let deadline = Deadline(seconds: 30)
        var tries = 0
        while !deadline.hasPassed {
            tries += 1
            guard let answer = answer(line, &connection) else { continue }
            let now = ContinuousClock.now
            return note { tally in
                tally.requests += 1
                tally.retries += tries - 1
                tally.longestWait = max(tally.longestWait, now - begun)
                tally.longestPause = max(tally.longestPause, now - tally.lastAnswer)
                tally.lastAnswer = max(tally.lastAnswer, now)
                if !answer.contains(expected) { tally.wrong.append("\(line): \(answer)") }
            }
        }
        note { $0.wrong.append("\(line): no answer in time") }
    }

    /// Nil when the connection is lost, or cannot be made.
    private func answer(_ line: String, _ connection: inout LineConnection?) -> String? {
        do {
            let current = try connection ?? Service.connect()
            connection = current
            try current.send(line)
            if let answer = try current.receive() { return answer }
        } catch {
            // A client waits a moment before it tries again: until something comes, and nothing
            // does.
            poll(nil, 0, 5)
        }
        connection = nil
        return nil
    }

    private func note(_ change: (inout Tally) -> Void) {
        tally.withLock { tally in
            change(&tally)
            if tally.wrong.count > 10 { tally.wrong.removeLast() }
        }
    }
}
