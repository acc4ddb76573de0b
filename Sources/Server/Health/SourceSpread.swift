// Whether an app's codes come from many places, as they should, or all from one private address.
// Then a web server sees its proxy and not the people behind it: fifty wrong codes of anybody lock
// all of them out. Used on the event loop only.

import Accounts

struct SourceSpread {
    /// Fewer codes are a person's own, at a desk or behind one router.
    static let codesMin = 16
    /// Fewer accounts are those of somebody who tries things out.
    static let accountsMin = 3

    /// What has come in a row from one private source.
    private struct Run {
        let source: Source
        var codes = 0
        /// Hashes of users, as far as they are counted.
        var accounts: Set<Int> = []
    }

    private var runs: [AppName: Run] = [:]

    /// Counts a code that an app has sent. Apps are those that may speak, and so are few.
    mutating func note(_ source: Source, of account: AccountName) {
        // An address on the Internet is somebody's. What is no address is told apart by its text.
        guard source.address?.isPrivate ?? true else {
            if !runs.isEmpty { runs[account.app] = nil }
            return
        }
        var run = runs[account.app] ?? Run(source: source)
        if !run.source.isSame(as: source) { run = Run(source: source) }
        run.codes = min(run.codes + 1, Self.codesMin)
        if run.accounts.count < Self.accountsMin { run.accounts.insert(account.user.hashValue) }
        runs[account.app] = run
    }

    /// Whether the newest codes of an app all came from one private source.
    var isOne: Bool {
        runs.values.contains {
            $0.codes >= Self.codesMin && $0.accounts.count >= Self.accountsMin
        }
    }
}

extension Source {
    fileprivate func isSame(as other: Source) -> Bool {
        address == other.address && (address != nil || text == other.text)
    }
}
