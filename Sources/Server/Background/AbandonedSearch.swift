// Finds the enrolments of an app that were given up: one look after the other, over all accounts.

import Accounts
import Store

struct AbandonedSearch: LaneSearch {
    let app: AppName
    private let now: Instant
    private var after: RecordID?
    /// Of the last look.
    private(set) var found: [AccountName] = []
    private(set) var isAtEnd = false

    init(of app: AppName, at now: Instant) {
        (self.app, self.now) = (app, now)
    }

    mutating func look(into store: any AccountStore) throws(StoreFault) {
        let slice = try store.accounts(after: after, atMost: ServerPolicy.accountsPerLook)
        found = slice.entries.compactMap { entry in
            // One that was begun while the clock was ahead is taken as begun now, and found again.
            guard case .account(_, let account) = entry, account.name.app == app,
                account.isAbandoned(at: now) || account.isBegunAhead(of: now)
            else { return nil }
            return account.name
        }
        after = slice.end
        isAtEnd = slice.end == nil
    }
}
