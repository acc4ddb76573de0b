// Looks at pages before LMDB walks them to write: LMDB believes what a page says, and a damaged one
// would end the process, or have it write over what is sound. What is damaged must not be changed.
//
// LMDB works on copies of pages that it has walked to; what is looked at here is what they are
// copied from, as it was when the transaction began.

import CLMDB

final class WriteGuard {
    let trees: TreeSnapshot
    /// Pages that were looked at as a whole in this transaction.
    private var verified: Set<UInt64> = []
    /// By branch.
    private var reaches: [UInt64: Reach] = [:]

    init(_ trees: TreeSnapshot) throws(LMDBFault) {
        self.trees = trees
        try Self.verifyNames(trees)
    }

    /// The names of tables: few pages, all of which LMDB may meet.
    static func verifyNames(_ trees: TreeSnapshot) throws(LMDBFault) {
        guard !trees.main.isEmpty else { return }
        try verify(trees.main.record.root, at: 0, of: trees.main)
    }

    private static func verify(
        _ number: UInt64, at level: Int, of tree: PageTree
    ) throws(LMDBFault) {
        let page = try tree.page(number, at: level)
        try page.verify()
        guard !page.isLeaf else { return }
        for index in 0..<page.count { try verify(page.child(index), at: level + 1, of: tree) }
    }

    // MARK: What LMDB will walk

    /// Before a key is looked for, put, or put anew.
    func look(for bytes: UnsafeRawBufferPointer, in table: Table?) throws(LMDBFault) {
        guard let tree = self.tree(of: table) else { return }
        try descend(to: PageKey(bytes), in: tree)
    }

    /// Before the last key is looked for, or one is put behind it. Which is the last depends on its
    /// length too: of another length it is none of the table's.
    func lookAtEnd(of table: Table) throws(LMDBFault) {
        guard let tree = self.tree(of: table) else { return }
        guard let leaf = try path(to: nil, in: tree).last?.page else { return }
        guard try leaf.node(leaf.count - 1).keyBytes == table.keyBytes else {
            throw .damaged(leaf.number, "its last key is none", in: table.part)
        }
    }

    /// Before a key is deleted: LMDB joins a page that gets empty with the one beside it, and looks
    /// for the first key below that. Each deletion may have brought the next page nearer.
    func lookAround(_ bytes: UnsafeRawBufferPointer, in table: Table?) throws(LMDBFault) {
        guard let tree = self.tree(of: table) else { return }
        for (level, step) in try descend(to: PageKey(bytes), in: tree).enumerated().dropLast() {
            var reach = reaches[step.page.number] ?? Reach()
            reach.deletions += 1
            let first = max(0, step.index - reach.deletions)
            let last = min(step.page.count - 1, step.index + reach.deletions)
            if !reach.has(first...last) {
                for place in first...last where !reach.has(place...place) {
                    try verifyEdge(below: step.page, at: place, level, tree)
                }
                reach.add(first...last)
            }
            reaches[step.page.number] = reach
        }
    }

    /// The first pages of what a branch leads to.
    private func verifyEdge(
        below branch: Page, at place: Int, _ level: Int, _ tree: PageTree
    ) throws(LMDBFault) {
        var (page, place, range) = (branch, place, PageRange())
        for below in (level + 1)..<tree.record.depth {
            range = try range.narrowed(to: place, of: page)
            page = try tree.page(page.child(place), at: below)
            try verify(page)
            try page.verify(isWithin: range)
            place = 0
        }
    }

    private func tree(of table: Table?) -> PageTree? {
        guard let table else { return trees.main }
        return trees[table]
    }

    private func path(
        to key: PageKey?, in tree: PageTree
    ) throws(LMDBFault) -> [(page: Page, index: Int)] {
        try tree.path(to: key) { page throws(LMDBFault) in try verify(page) }
    }

    /// Looks at a page as a whole, once.
    private func verify(_ page: Page) throws(LMDBFault) {
        guard !verified.contains(page.number) else { return }
        try page.verify()
        verified.insert(page.number)
    }

    /// Returns the way to a key's leaf. A value that has pages of its own gives them back when LMDB
    /// writes over it, all that it says are its own: so they must be as many as it needs. LMDB
    /// leaves one more than it needs where a value is put twice in a transaction and shrinks, which
    /// nobody does here with a long one.
    @discardableResult
    private func descend(
        to key: PageKey, in tree: PageTree
    ) throws(LMDBFault) -> [(page: Page, index: Int)] {
        let path = try path(to: key, in: tree)
        guard let (leaf, index) = path.last, index < leaf.count else { return path }
        let node = try leaf.node(index)
        guard node.order(key) == 0, let first = try leaf.elsewhere(node) else { return path }
        let pages = try tree.pages.overflowPages(first, node.valueBytes)
        guard pages == tree.pages.neededPages(node.valueBytes) else {
            throw .damaged(
                first, "it says that it has pages which its value does not need",
                in: tree.pages.part)
        }
        return path
    }
}

/// Which of a branch's pages were looked at, because deletions below it may have LMDB walk there.
private struct Reach {
    /// How many keys went that lie below it.
    var deletions = 0
    private var looked: ClosedRange<Int>?

    func has(_ places: ClosedRange<Int>) -> Bool { looked?.contains(places) ?? false }

    mutating func add(_ places: ClosedRange<Int>) {
        var (low, high) = (places.lowerBound, places.upperBound)
        if let looked, looked.overlaps(places) {
            (low, high) = (min(low, looked.lowerBound), max(high, looked.upperBound))
        }
        looked = low...high
    }
}
