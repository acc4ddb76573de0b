// Visits the records of a tree in their order, page by page, each looked at before it is followed.
// A damaged page is told of, and those behind it have their turn all the same.

import CLMDB

extension PageTree {
    typealias Visit = (
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws -> Bool

    /// From the first key that is not before `start`, for as long as `body` returns true.
    ///
    /// - Parameter damage: told of each page that cannot be read; it throws, or the visit goes on.
    func forward(
        from start: UnsafeRawBufferPointer?, _ damage: (LMDBFault) throws -> Void, _ body: Visit
    ) throws {
        guard !isEmpty else { return }
        var walk = Walk(tree: self, start: start.map(PageKey.init), last: nil, isForward: true)
        _ = try walk.visit(record.root, at: 0, PageRange(), damage, body)
    }

    /// Backwards, from the last key that is not behind `start`.
    func backward(
        from start: UnsafeRawBufferPointer, _ damage: (LMDBFault) throws -> Void, _ body: Visit
    ) throws {
        guard !isEmpty else { return }
        var walk = Walk(tree: self, start: PageKey(start), last: nil, isForward: false)
        _ = try walk.visit(record.root, at: 0, PageRange(), damage, body)
    }

    private struct Walk {
        let tree: PageTree
        let start: PageKey?
        /// The key that was visited last: all that come must be on its other side.
        var last: UnsafeRawBufferPointer?
        let isForward: Bool

        /// Whether to go on behind the page.
        mutating func visit(
            _ number: UInt64, at level: Int, _ bounds: PageRange,
            _ damage: (LMDBFault) throws -> Void, _ body: Visit
        ) throws -> Bool {
            let page: Page
            let range: Range<Int>
            do throws(LMDBFault) {
                page = try tree.page(number, at: level)
                try page.verify()
                try page.verify(isWithin: bounds)
                range = try self.range(of: page)
                if page.isLeaf { try follow(page, range) }
            } catch {
                try damage(error)
                return true
            }
            for step in 0..<range.count {
                let index = isForward ? range.lowerBound + step : range.upperBound - 1 - step
                if page.isLeaf {
                    guard try take(page, index, damage, body) else { return false }
                } else {
                    let child = try page.child(index)
                    let bounds = try bounds.narrowed(to: index, of: page)
                    guard try visit(child, at: level + 1, bounds, damage, body) else {
                        return false
                    }
                }
            }
            return true
        }

        /// The places of a page that are on the start's side.
        private func range(of page: Page) throws(LMDBFault) -> Range<Int> {
            guard let start else { return 0..<page.count }
            if page.isLeaf {
                let index = try page.index(of: start)
                if isForward { return index..<page.count }
                guard index < page.count, try page.node(index).order(start) == 0 else {
                    return 0..<index
                }
                return 0..<(index + 1)
            }
            let place = try page.place(of: start)
            return isForward ? place..<page.count : 0..<(place + 1)
        }

        /// A leaf goes on where the one before it ended.
        private mutating func follow(_ page: Page, _ range: Range<Int>) throws(LMDBFault) {
            guard !range.isEmpty else { return }
            let (low, high) = (range.lowerBound, range.upperBound - 1)
            if let last {
                let order = try page.node(isForward ? low : high).key.order(to: last)
                guard isForward ? order > 0 : order < 0 else {
                    throw .damaged(page.number, "its keys belong elsewhere", in: tree.pages.part)
                }
            }
            last = try page.node(isForward ? high : low).key
        }

        private func take(
            _ page: Page, _ index: Int, _ damage: (LMDBFault) throws -> Void, _ body: Visit
        ) throws -> Bool {
            let node: PageNode
            let value: UnsafeRawBufferPointer
            do throws(LMDBFault) {
                node = try page.node(index)
                value = try page.value(node, tree.pages)
            } catch {
                try damage(error)
                return true
            }
            return try body(node.key, value)
        }
    }
}
