// A table's tree as it lies in the map, in the snapshot of a transaction, for many keys at once:
// `PageTree` walks it for one key, and looks at everything. If the tree had another shape, time
// would be lost and nothing else: all that is done with what is read is to read on inside the map,
// and to fetch.

struct Tree {
    let depth: Int
    private let base: UnsafeRawPointer
    private let root: UInt64
    /// How many pages the map has.
    private let pages: UInt64

    /// Nil for one that is empty, or has pages of another size.
    init?(_ tree: PageTree?) {
        guard let tree, !tree.isEmpty, tree.pages.bytes == TreePage.bytes else { return nil }
        (base, pages) = (tree.pages.base, tree.pages.limit)
        (depth, root) = (tree.record.depth, tree.record.root)
        guard root < pages else { return nil }
    }

    /// The last branch on the way to a key.
    func pageAboveLeaf(of key: UInt64) -> TreePage {
        var page = TreePage(base + Int(root) * TreePage.bytes)
        for _ in 0..<max(0, depth - 2) { page = child(of: page, at: page.place(of: key)) }
        return page
    }

    /// The page that a branch's node refers to; the branch itself when that is none.
    func child(of page: TreePage, at place: Int) -> TreePage {
        let child = page.child(place)
        return child < pages ? TreePage(base + Int(child) * TreePage.bytes) : page
    }
}
