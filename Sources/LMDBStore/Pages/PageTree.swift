// A table's tree, walked from its root by somebody who looks at each page before following it. What
// is not found must not have been lost: a key counts as absent only where all that could hide it
// was looked at.

import CLMDB

struct PageTree {
    let pages: Pages
    let record: TableRecord
    /// Whether tables are named here.
    var hasTables = false

    var isEmpty: Bool { record.depth == 0 }

    /// The root is at level 0, and leaves are at the last one.
    func page(_ number: UInt64, at level: Int) throws(LMDBFault) -> Page {
        try Page(pages, number, isLeaf: level == record.depth - 1, hasTables: hasTables)
    }

    /// The value at a key, or nil when there is none.
    ///
    /// - Parameter beside: sees the records between which one would be that is not there.
    func find(
        _ bytes: UnsafeRawBufferPointer,
        beside: (Pair) throws(LMDBFault) -> Void = { _ throws(LMDBFault) in }
    ) throws(LMDBFault) -> UnsafeRawBufferPointer? {
        guard !isEmpty else { return nil }
        let key = PageKey(bytes)
        var page = try page(record.root, at: 0)
        for level in 1..<max(record.depth, 1) {
            page = try self.page(page.child(page.place(of: key)), at: level)
        }
        let index = try page.index(of: key)
        if index < page.count {
            let node = try page.node(index)
            if node.order(key) == 0 { return try page.value(node, pages) }
        }
        let (before, after) = try neighbours(of: bytes)
        if let before { try beside(before) }
        if let after { try beside(after) }
        return nil
    }

    // MARK: Absence

    struct Pair {
        let key: UnsafeRawBufferPointer
        let value: UnsafeRawBufferPointer
        /// Where it lies.
        let page: UInt64
    }

    /// The records between which a key would be that is not there. Every page on the way to it is
    /// looked at as a whole, and so are those beside it where it would be the first or the last:
    /// then no key between the two can be on another page.
    func neighbours(
        of bytes: UnsafeRawBufferPointer
    ) throws(LMDBFault) -> (before: Pair?, after: Pair?) {
        guard !isEmpty else { return (nil, nil) }
        let key = PageKey(bytes)
        var path = try path(to: key)
        guard let leaf = path.last else { return (nil, nil) }
        let (page, index) = leaf
        if index < page.count, try page.node(index).order(key) == 0 {
            // Found by a search that saw more: a page is changing under us.
            throw .damaged(page.number, "it does not stay as it is", in: pages.part)
        }
        var (before, after): (Pair?, Pair?)
        if index > 0 { before = try pair(page, index - 1) }
        if index < page.count { after = try pair(page, index) }
        path.removeLast()
        if before == nil { before = try edge(path, isLeft: true) }
        if after == nil { after = try edge(path, isLeft: false) }
        return (before, after)
    }

    private func pair(_ page: Page, _ index: Int) throws(LMDBFault) -> Pair {
        let node = try page.node(index)
        return Pair(key: node.key, value: try page.value(node, pages), page: page.number)
    }

    /// All pages from the root to the leaf of a key, or to the last leaf, with the place in each.
    /// The keys of each page are between those that lead to it.
    ///
    /// - Parameter verify: looks at a page as a whole.
    func path(
        to key: PageKey?,
        verify: (Page) throws(LMDBFault) -> Void = { page throws(LMDBFault) in try page.verify() }
    ) throws(LMDBFault) -> [(page: Page, index: Int)] {
        var path: [(page: Page, index: Int)] = []
        var number = record.root
        var range = PageRange()
        for level in 0..<record.depth {
            let page = try page(number, at: level)
            try verify(page)
            try page.verify(isWithin: range)
            let index = try place(of: key, in: page)
            path.append((page, index))
            guard !page.isLeaf else { break }
            range = try range.narrowed(to: index, of: page)
            number = try page.child(index)
        }
        return path
    }

    private func place(of key: PageKey?, in page: Page) throws(LMDBFault) -> Int {
        guard let key else { return page.isLeaf ? page.count : page.count - 1 }
        return page.isLeaf ? try page.index(of: key) : try page.place(of: key)
    }

    /// The last record of the leaf to the left of where a path ends, or the first one to its right,
    /// which must keep to the key that parts the two.
    private func edge(
        _ path: [(page: Page, index: Int)], isLeft: Bool
    ) throws(LMDBFault) -> Pair? {
        var level = path.count - 1
        while level >= 0 {
            let (page, index) = path[level]
            guard isLeft ? index == 0 : index + 1 == page.count else { break }
            level -= 1
        }
        guard level >= 0 else { return nil }
        let (parent, index) = path[level]
        let divider = try parent.node(isLeft ? index : index + 1).key
        var page = try page(parent.child(isLeft ? index - 1 : index + 1), at: level + 1)
        try page.verify()
        for below in (level + 2)..<max(record.depth, level + 2) {
            page = try self.page(page.child(isLeft ? page.count - 1 : 0), at: below)
            try page.verify()
        }
        let pair = try pair(page, isLeft ? page.count - 1 : 0)
        let order = pair.key.order(to: divider)
        guard isLeft ? order < 0 : order >= 0 else {
            throw .damaged(page.number, "a key lies outside of its page's range", in: pages.part)
        }
        return pair
    }

    // MARK: Ends

    /// The greatest key, or nil when there is none.
    func lastKey() throws(LMDBFault) -> UnsafeRawBufferPointer? {
        guard let leaf = try path(to: nil).last?.page else { return nil }
        return try leaf.node(leaf.count - 1).key
    }
}

extension UnsafeRawBufferPointer {
    /// Less than zero when it comes before another key, as LMDB has it.
    func order(to other: UnsafeRawBufferPointer) -> Int {
        for (own, others) in zip(self, other) where own != others { return own < others ? -1 : 1 }
        return count - other.count
    }
}
