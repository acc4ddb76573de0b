// Whether an app's codes come from many places, as they should, or all from one private address.
// Then a web server sees its proxy and not the people behind it: fifty wrong codes of anybody lock
// all of them out. Used on the event loop only.

import Accounts
import Wire

struct SourceSpread {
    /// Fewer codes are a person's own, at a desk or behind one router.
    static let codesMin = 16
    /// Fewer accounts are those of somebody who tries things out.
    static let accountsMin = 3

    /// After this an app that sends no codes any more is told of no more: what it would send now,
    /// nobody knows.
    static let newsTime = Duration.hours(24)

    /// What has come in a row from one private source.
    private struct Run {
        let source: Source
        var notedAt = Instant.distantPast
        var codes = 0
        /// Hashes of users, as far as they are counted.
        var accounts: Set<Int> = []
    }

    private var runs: [AppName: Run] = [:]

    /// Counts a code that an app has sent. Apps are those that may speak, and so are few.
    ///
    /// - Parameter source: nil where the app does not say it: then nobody shares one.
    mutating func note(_ source: Source?, of account: AccountName, at now: Instant) {
        // An address on the Internet is somebody's. What is no address is told apart by its text.
        guard let source, source.address?.isPrivate ?? true else {
            if !runs.isEmpty { runs[account.app] = nil }
            return
        }
        var run = runs[account.app] ?? Run(source: source)
        if !run.source.isSame(as: source) { run = Run(source: source) }
        run.codes = min(run.codes + 1, Self.codesMin)
        run.notedAt = now
        if run.accounts.count < Self.accountsMin { run.accounts.insert(account.user.hashValue) }
        runs[account.app] = run
    }

    /// Whether the newest codes of an app all came from one private source.
    func isOne(at now: Instant) -> Bool {
        runs.values.contains { run in
            run.codes >= Self.codesMin && run.accounts.count >= Self.accountsMin
                && (Duration.zero..<Self.newsTime).contains(now - run.notedAt)
        }
    }
}

extension Source {
    fileprivate func isSame(as other: Source) -> Bool {
        address == other.address && (address != nil || text == other.text)
    }
}

extension Request {
    /// Whether it brings a code, which came from somewhere.
    var bringsCode: Bool {
        guard operation == .enroll else {
            return operation == .verify || operation == .confirm || operation == .backupCodes
                || operation == .disable
        }
        guard case .account(_, let asked) = body, case .enroll(let request) = asked.form else {
            return false
        }
        return request.code != nil
    }
}
