// Walks down LMDB's trees for many keys side by side, and fetches each page into the cache just
// before it is read. A look-up waits for memory a dozen times, and those of a batch can wait
// together. It is a guess at what `find` will read, and decides nothing.

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
