// Looks at every page of a store: that each is what leads there says, and none is used twice. It
// must name all that are damaged, and read on behind each.

import CLMDB
import Store

struct PageCheck {
    let trees: TreeSnapshot

    func run(_ report: inout CheckReport) throws {
        var use = PageUse(trees)
        var free: [UInt64] = []
        do throws(LMDBFault) {
            try FreeList(trees).forEach(
                { page throws(LMDBFault) in try use.take(page) },
                { page throws(LMDBFault) in free.append(page) })
        } catch {
            add(error, to: "free pages", &report)
        }
        visit(trees.main, "names of tables", &use, &report)
        for table in Table.allCases {
            if let tree = trees[table] { visit(tree, table.name, &use, &report) }
        }
        for page in free { taking(page, "free pages", &use, &report) }
    }

    private func add(_ fault: LMDBFault, to place: String, _ report: inout CheckReport) {
        trees.damage.note(fault)
        report.add(problem: "\(place): \(fault.text)")
    }

    private func taking(
        _ page: UInt64, _ place: String, _ use: inout PageUse, _ report: inout CheckReport
    ) {
        do throws(LMDBFault) {
            try use.take(page)
        } catch {
            add(error, to: place, &report)
        }
    }

    private func visit(
        _ tree: PageTree, _ name: String, _ use: inout PageUse, _ report: inout CheckReport
    ) {
        guard !tree.isEmpty else { return }
        var range = KeyRange()
        var entries: UInt64 = 0
        let count = report.problemCount
        visit(tree, tree.record.root, at: 0, name, &range, &entries, &use, &report)
        if report.problemCount == count, entries != tree.record.entries {
            report.add(
                problem: "\(name): there are \(entries) records, and should be "
                    + "\(tree.record.entries)")
        }
    }

    /// What the key of a page must be, from what leads there.
    private struct KeyRange {
        /// The last key of the leaf before.
        var last: [UInt8]?
        /// Keys of the branches above: not less than this.
        var least: [UInt8]?
    }

    private func visit(
        _ tree: PageTree, _ number: UInt64, at level: Int, _ name: String, _ range: inout KeyRange,
        _ entries: inout UInt64, _ use: inout PageUse, _ report: inout CheckReport
    ) {
        do throws(LMDBFault) {
            try use.take(number)
            let page = try tree.page(number, at: level)
            try page.verify()
            if page.isLeaf {
                entries += UInt64(page.count)
                return try look(at: page, tree, name, &range, &use, &report)
            }
            for index in 0..<page.count {
                if index > 0 {
                    let key = try Array(page.node(index).key)
                    if let last = range.last,
                        last.withBytes({ last in
                            key.withBytes { last.order(to: $0) >= 0 }
                        })
                    {
                        throw .damaged(
                            number, "a key lies outside of its page's range", in: tree.pages.part)
                    }
                    range.least = key
                }
                let child = try page.child(index)
                visit(tree, child, at: level + 1, name, &range, &entries, &use, &report)
            }
        } catch {
            add(error, to: name, &report)
        }
    }

    private func look(
        at page: Page, _ tree: PageTree, _ name: String, _ range: inout KeyRange,
        _ use: inout PageUse, _ report: inout CheckReport
    ) throws(LMDBFault) {
        let first = try page.node(0).key
        for bound in [range.last, range.least] {
            guard let bound else { continue }
            let order = bound.withBytes { $0.order(to: first) }
            guard order < 0 || (order == 0 && bound == range.least) else {
                throw .damaged(page.number, "its keys belong elsewhere", in: tree.pages.part)
            }
        }
        range.last = Array(try page.node(page.count - 1).key)
        for index in 0..<page.count {
            let node = try page.node(index)
            guard let first = try page.elsewhere(node) else { continue }
            do throws(LMDBFault) {
                let count = try tree.pages.overflowPages(first, node.valueBytes)
                for other in first..<first + count { try use.take(other) }
            } catch {
                add(error, to: name, &report)
            }
        }
    }
}
