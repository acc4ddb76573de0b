// Walks down LMDB's trees for many keys side by side, and fetches each page into the cache just
// before it is read. A look-up waits for memory a dozen times, and those of a batch can wait
// together. It is a guess at what `find` will read, and decides nothing.

import CLMDB

/// One is kept and used again, so that its memory is.
final class PagePrefetch {
    /// One key on its way down.
    private struct Walk {
        let key: UInt64
        var page: TreePage
        /// The search within a page: the place is one of `count`, from `place` on.
        var place = 0
        var count = 0
    }

    private var asked: [UInt64] = []
    private var walks: [Walk] = []

    /// What is fetched of a record behind its key: as much as a verify's records have, as a rule.
    private static let valueBytes = 144

    /// Takes up a key that begins with `key`, for the next `fetch`.
    func ask(for key: UInt64) { asked.append(key) }

    /// Has brought near what `find` will read for the keys that were asked for.
    func fetch(in tree: Tree?) {
        defer { asked.removeAll(keepingCapacity: true) }
        walks.removeAll(keepingCapacity: true)
        // A tree with fewer levels is small, and near anyway.
        guard let tree, tree.depth > 2 else { return }
        // What is above the last two levels has few pages, which are near.
        for key in asked { walks.append(Walk(key: key, page: tree.pageAboveLeaf(of: key))) }
        walks.withUnsafeMutableBufferPointer { walks in
            Self.search(walks)
            for index in walks.indices {
                walks[index].page = tree.child(of: walks[index].page, at: walks[index].place)
            }
            Self.search(walks)
            for walk in walks { walk.page.fetchNode(walk.place, valueBytes: Self.valueBytes) }
        }
    }

    /// Where the last walks ended, in the order of what was asked for: the beginnings of the keys.
    var found: [UInt64] { walks.map { $0.page.key($0.place) } }

    /// Finds each key's place in its page, by halves. All take a step before any takes the next, so
    /// that what each will look at comes meanwhile.
    private static func search(_ walks: UnsafeMutableBufferPointer<Walk>) {
        for walk in walks { walk.page.fetchPlaces() }
        var longest = 0
        for index in walks.indices {
            let count = walks[index].page.count
            (walks[index].place, walks[index].count) = (0, count)
            walks[index].page.fetchNode(count / 2, valueBytes: 0)
            longest = max(longest, count)
        }
        while longest > 1 {
            for index in walks.indices {
                let (page, key) = (walks[index].page, walks[index].key)
                var (place, count) = (walks[index].place, walks[index].count)
                place = page.half(place, count, key)
                count -= count / 2
                page.fetchNode(place + count / 2, valueBytes: 0)
                (walks[index].place, walks[index].count) = (place, count)
            }
            longest -= longest / 2
        }
    }
}

/// A table's tree as it lies in the map, in the snapshot of a transaction, for many keys at once:
/// `PageTree` walks it for one key, and looks at everything. If the tree had another shape, time
/// would be lost and nothing else: all that is done with what is read is to read on inside the map,
/// and to fetch.
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

/// A page of a tree: a header, where its nodes are in the order of their keys, and the nodes.
struct TreePage {
    /// As long as the machine's pages, which is what LMDB makes them.
    static let bytes = 4096
    private static let headerBytes = 16
    private static let nodeHeaderBytes = 8
    private let start: UnsafeRawPointer

    init(_ start: UnsafeRawPointer) { self.start = start }

    var count: Int {
        let lower = Int(start.loadUnaligned(fromByteOffset: 12, as: UInt16.self))
        return (min(max(lower, Self.headerBytes), Self.bytes) - Self.headerBytes) / 2
    }

    /// So far from the page's end that `count` bytes can be read.
    private func node(_ index: Int, _ count: Int) -> UnsafeRawPointer {
        let place = min(Self.headerBytes + 2 * index, Self.bytes - 2)
        let offset = Int(start.loadUnaligned(fromByteOffset: place, as: UInt16.self))
        return start + min(offset, Self.bytes - count)
    }

    /// The first eight bytes of a node's key.
    func key(_ index: Int) -> UInt64 {
        UInt64(
            bigEndian: node(index, 2 * Self.nodeHeaderBytes)
                .loadUnaligned(fromByteOffset: Self.nodeHeaderBytes, as: UInt64.self))
    }

    /// The number of the page that a branch's node refers to.
    func child(_ index: Int) -> UInt64 {
        // No more than its header is there of a branch's first node.
        let node = node(index, Self.nodeHeaderBytes)
        let low = node.loadUnaligned(as: UInt32.self)
        let high = node.loadUnaligned(fromByteOffset: 4, as: UInt16.self)
        return UInt64(high) << 32 | UInt64(low)
    }

    /// The last node whose key is not greater, or the first one. A branch's first node stands for
    /// all smaller keys and has none itself: it is never looked at.
    func place(of key: UInt64) -> Int {
        var (place, count) = (0, count)
        while count > 1 {
            place = half(place, count, key)
            count -= count / 2
        }
        return place
    }

    /// Where the search goes on, with half of the `count` nodes from `place` on.
    func half(_ place: Int, _ count: Int, _ key: UInt64) -> Int {
        let middle = place + count / 2
        return self.key(middle) <= key && count > 1 ? middle : place
    }

    /// Has the header brought near, and where the nodes are: a branch has some hundred.
    func fetchPlaces() { memory_prefetch(start, 256) }

    func fetchNode(_ index: Int, valueBytes: Int) {
        memory_prefetch(node(index, Self.nodeHeaderBytes), 2 * Self.nodeHeaderBytes + valueBytes)
    }
}
