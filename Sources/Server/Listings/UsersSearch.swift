// A page of users, put together from many looks. Each look opens a few accounts and gives the lane
// back. Secrets stay on the lane.

import Accounts
import Store
import Wire

struct UsersSearch: Sendable {
    private let request: UsersRequest
    private let now: Instant
    private let policy: AppPolicy
    private var rows: [UsersPage.Row] = []
    /// All up to here were looked at.
    private var after: RecordID?
    private var examined = 0
    private(set) var unreadable: [(RecordID, RecordFault)] = []
    private(set) var isDone = false
    private var isAtEnd = false

    init(_ request: UsersRequest, at now: Instant, under policy: AppPolicy) {
        self.request = request
        self.now = now
        self.policy = policy
        after = request.after
    }

    var page: UsersPage {
        UsersPage(rows: rows, cursor: isAtEnd ? nil : after?.hex, unreadable: unreadable.count)
    }

    /// One look, on the lane.
    mutating func look(into store: any AccountStore) throws(StoreFault) {
        let slice = try store.accounts(after: after, atMost: ServerPolicy.accountsPerLook)
        for (index, entry) in slice.entries.enumerated() {
            examine(entry)
            guard rows.count == request.count else { continue }
            return finish(isAtEnd: slice.end == nil && index == slice.entries.count - 1)
        }
        guard let end = slice.end else { return finish(isAtEnd: true) }
        after = end
        if examined >= ServerPolicy.accountsPerPage { finish(isAtEnd: false) }
    }

    private mutating func finish(isAtEnd: Bool) {
        isDone = true
        self.isAtEnd = isAtEnd
    }

    private mutating func examine(_ entry: AccountSlice.Entry) {
        examined += 1
        switch entry {
        case .unreadable(let id, let fault):
            after = id
            unreadable.append((id, fault))
        case .account(let id, let account):
            after = id
            // One with neither is there for the wrong codes that were sent for it.
            guard account.factor != nil || account.pending != nil,
                account.name.app == request.app,
                account.name.user.utf8.starts(with: request.prefix.utf8)
            else { return }
            let status = AccountStatus(account, at: now, under: policy)
            rows.append(UsersPage.Row(user: account.name.user, status: status))
        }
    }
}

extension UsersSearch: Search {
    var reply: AdminReply { .users(page) }

    func tell(_ warn: (String) -> Void) {
        for (id, fault) in unreadable {
            warn("the records of account \(id.hex) cannot be used (\(fault))")
        }
    }
}
