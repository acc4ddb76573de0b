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
}
