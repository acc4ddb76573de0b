// A row of a file: where it stands, and what it says.

package struct ListRow: Sendable {
    /// From 1: the line it stands in, or, in PSKC, the number of its key package.
    package let number: Int
    package let account: Result<ListedAccount, RowFault>

    init(_ number: Int, _ body: () throws(RowFault) -> ListedAccount) {
        self.number = number
        do throws(RowFault) {
            account = .success(try body())
        } catch {
            account = .failure(error)
        }
    }

    /// The same, where the secret is as long as RFC 4226 wants it.
    var refusedWhereShort: ListRow {
        guard case .success(let found) = account, let bytes = found.shortBytes else { return self }
        return ListRow(number) { () throws(RowFault) in throw .short(bytes) }
    }
}
