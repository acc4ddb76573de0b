// Which keys a page may have, by the keys of the branches above it; any, where there are none.

struct PageRange {
    /// None is less.
    private(set) var least: PageKey?
    /// All are less.
    private(set) var end: PageKey?

    /// The same for the page that a branch leads to at a place.
    func narrowed(to place: Int, of branch: Page) throws(LMDBFault) -> PageRange {
        var range = self
        if place > 0 { range.least = PageKey(try branch.node(place).key) }
        if place + 1 < branch.count { range.end = PageKey(try branch.node(place + 1).key) }
        return range
    }
}
