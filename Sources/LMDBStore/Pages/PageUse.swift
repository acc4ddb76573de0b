// Which pages are in use, and for what: none may be used twice, nor be free as well. A branch that
// leads to a page of yesterday is found by that: such a page is free, and looks sound otherwise.

import CLMDB

/// A bit for each page.
struct PageUse {
    private var words: [UInt64]
    private let lastPage: UInt64

    init(_ trees: TreeSnapshot) {
        lastPage = trees.lastPage
        words = [UInt64](repeating: 0, count: Int(trees.lastPage / 64) + 1)
    }

    mutating func take(_ page: UInt64) throws(LMDBFault) {
        guard page <= lastPage else {
            throw .damaged(page, "something refers to it, and it is not in the file")
        }
        let (word, bit) = (Int(page / 64), UInt64(1) << (page % 64))
        guard words[word] & bit == 0 else {
            throw .damaged(page, "it is used twice, or is free and used")
        }
        words[word] |= bit
    }
}

extension TreeSnapshot {
    /// Goes through the list of free pages, and down all trees as far as branches lead; leaves are
    /// not looked at, of which there are a hundred for each branch. Throws what no store may begin
    /// with: LMDB would write over pages that are in use, or a table is one of yesterday.
    func refuseDoubleUse() throws(LMDBFault) {
        var use = PageUse(self)
        try FreeList(self).forEach(
            { page throws(LMDBFault) in try use.take(page) },
            { page throws(LMDBFault) in try use.take(page) })
        for tree in [main] + Table.allCases.compactMap({ self[$0] }) where !tree.isEmpty {
            try take(tree.record.root, at: 0, of: tree, &use)
        }
    }

    private func take(
        _ number: UInt64, at level: Int, of tree: PageTree, _ use: inout PageUse
    ) throws(LMDBFault) {
        try use.take(number)
        // More than that page may be gone, and with zeros in its place nobody would know.
        guard number < pages.limit else { throw .damaged(number, "the file ends before it") }
        guard level + 1 < tree.record.depth else { return }
        let page: Page
        do throws(LMDBFault) {
            page = try tree.page(number, at: level)
            try page.verify()
        } catch {
            // It is known when somebody needs it, and concerns those below it alone.
            return
        }
        for index in 0..<page.count {
            try take(page.child(index), at: level + 1, of: tree, &use)
        }
    }
}
