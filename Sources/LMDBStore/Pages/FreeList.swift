// The pages that LMDB may use again, as it keeps them: lists by the transaction that gave them up.
// LMDB writes over whatever is listed there, so that a wrong number would cost a page of accounts:
// the whole of it is looked at before LMDB may write.

import CLMDB

struct FreeList {
    private let trees: TreeSnapshot

    init(_ trees: TreeSnapshot) { self.trees = trees }

    private var tree: PageTree { trees.free }

    /// Visits the pages of the list itself, and those that are free. Throws what is damaged.
    func forEach(
        _ own: (UInt64) throws(LMDBFault) -> Void, _ body: (UInt64) throws(LMDBFault) -> Void
    ) throws(LMDBFault) {
        guard !tree.isEmpty else { return }
        var last: UInt64 = 0
        try visit(tree.record.root, at: 0, 0...trees.transaction, &last, own, body)
    }

    /// - Parameter range: of the numbers of transactions that belong there.
    private func visit(
        _ number: UInt64, at level: Int, _ range: ClosedRange<UInt64>, _ last: inout UInt64,
        _ own: (UInt64) throws(LMDBFault) -> Void, _ body: (UInt64) throws(LMDBFault) -> Void
    ) throws(LMDBFault) {
        let page = try tree.page(number, at: level)
        // Keys are numbers here, in the order of the machine's bytes.
        try page.verify(isInOrder: false)
        try own(number)
        for index in 0..<page.count {
            let node = try page.node(index)
            guard page.isLeaf else {
                let low = index == 0 ? range.lowerBound : try key(of: node, page, range)
                let high =
                    index + 1 == page.count
                    ? range.upperBound : try key(of: page.node(index + 1), page, range) &- 1
                guard low <= high else { throw Self.damage(number, "its keys are not in order") }
                let child = try page.child(index)
                try visit(child, at: level + 1, low...high, &last, own, body)
                continue
            }
            let transaction = try key(of: node, page, range)
            guard transaction > last else {
                throw Self.damage(number, "its keys are not in order")
            }
            last = transaction
            if let first = try page.elsewhere(node) {
                let count = try tree.pages.overflowPages(first, node.valueBytes)
                for other in first..<first + count { try own(other) }
            }
            try visit(page.value(node, tree.pages), of: page, body)
        }
    }

    private func key(
        of node: PageNode, _ page: Page, _ range: ClosedRange<UInt64>
    ) throws(LMDBFault) -> UInt64 {
        guard node.keyBytes == 8 else { throw Self.damage(page.number, "a key is none") }
        let key = node.key.loadUnaligned(as: UInt64.self)
        guard range.contains(key), key > 0 else {
            throw Self.damage(page.number, "a key lies outside of its page's range")
        }
        return key
    }

    /// A list begins with how many it has, the greatest first. There may be room behind the last.
    private func visit(
        _ list: UnsafeRawBufferPointer, of page: Page, _ body: (UInt64) throws(LMDBFault) -> Void
    ) throws(LMDBFault) {
        let size = MemoryLayout<UInt64>.size
        guard list.count >= size, list.count % size == 0 else {
            throw Self.damage(page.number, "a list of free pages has no whole numbers")
        }
        let count = list.loadUnaligned(as: UInt64.self)
        guard count < UInt64(list.count / size) else {
            throw Self.damage(page.number, "a list of free pages is longer than its room")
        }
        var previous = trees.lastPage + 1
        for index in 0..<Int(count) {
            let free = list.loadUnaligned(fromByteOffset: (index + 1) * size, as: UInt64.self)
            guard free >= 2, free < previous else {
                throw Self.damage(page.number, "a list of free pages is not in order")
            }
            previous = free
            try body(free)
        }
    }

    private static func damage(_ page: UInt64, _ what: StaticString) -> LMDBFault {
        .damaged(page, what, in: .freePages)
    }
}
