// How many accounts each app has: those with a factor record, even if it holds only a name. The
// numbers have to agree with the records, or an app gets more accounts than it may have.

import Accounts

package struct AccountCounts: Equatable, Sendable {
    /// No app is here without an account.
    private var numbers: [AppName: Int] = [:]

    package init() {}

    package subscript(app: AppName) -> Int {
        get { numbers[app] ?? 0 }
        set { numbers[app] = newValue > 0 ? newValue : nil }
    }

    /// Accounts of all apps.
    package var sum: Int { numbers.values.reduce(0, +) }
    package var apps: Int { numbers.count }

    package func forEach<Failure: Error>(
        _ body: (AccountCount) throws(Failure) -> Void
    ) throws(Failure) {
        for (name, accounts) in numbers { try body(AccountCount(name: name, accounts: accounts)) }
    }

    /// The first apps after one, in the order of their names.
    ///
    /// It looks at each app, about 100 ns, and keeps no more than a page.
    package func slice(after: AppName?, atMost count: Int) -> AppSlice {
        // A request's count is 1 to 1,000, or it is refused where it is read.
        precondition(count > 0, "a slice has room")
        var first: [AppName] = []
        var isCut = false
        for name in numbers.keys where after.map({ $0 < name }) ?? true {
            if first.count == count {
                isCut = true
                guard name < first[count - 1] else { continue }
                first.removeLast()
            }
            let place = first.partitioningIndex { name < $0 }
            first.insert(name, at: place)
        }
        return AppSlice(
            apps: first.map { AccountCount(name: $0, accounts: self[$0]) }, isCut: isCut)
    }
}
