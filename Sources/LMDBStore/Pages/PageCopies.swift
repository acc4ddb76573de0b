// The few pages that the whole store depends on, in memory as they were written: both headers, the
// names of tables, what the store knows about itself, and the way to the last event. Of a page that
// a disk changes while totpd serves, nothing is lost.
//
// A transaction of LMDB's writes no page where an older one lies, but for the headers. So what lies
// at a number stays as it is for as long as it belongs to the newest transaction.

import Glibc
import Store

struct PageCopies {
    private struct Copy {
        let bytes: [UInt8]
        /// Whose it is.
        let part: StorePart
    }

    /// The one that left them so.
    let transaction: UInt64
    private let pageBytes: Int
    private var pages: [UInt64: Copy] = [:]

    /// - Parameters:
    ///   - trees: of the newest transaction, while nobody writes.
    ///   - older: of the one before it. A page that both have is taken from there: it was looked
    ///     at when it was written.
    init(of trees: TreeSnapshot, _ older: PageCopies?, _ file: PageFile) throws(LMDBFault) {
        (transaction, pageBytes) = (trees.transaction, trees.pages.bytes)
        var known = older.map { $0.transaction + 1 == transaction ? $0.pages : [:] } ?? [:]
        known[transaction % 2] = nil
        try copyHeaders(from: file, known)
        try copy(trees.main, trees.main.record.root, at: 0, known)
        if let meta = trees[.meta], !meta.isEmpty {
            try copy(meta, meta.record.root, at: 0, known)
        }
        do throws(LMDBFault) {
            if let events = trees[.events] { try copyEnd(of: events, known) }
        } catch {
            // A store may begin with one of them damaged: there is no copy of what is below that.
        }
    }

    private mutating func copyHeaders(
        from file: PageFile, _ known: [UInt64: Copy]
    ) throws(LMDBFault) {
        let headers = try file.pages(2, of: pageBytes)
        for number in 0..<headers.limit {
            let start = headers.base + Int(number) * pageBytes
            pages[number] = known[number] ?? Copy(bytes: bytes(start), part: .store)
        }
    }

    /// They were changed on purpose.
    mutating func refreshHeaders(from file: PageFile) {
        pages[0] = nil
        pages[1] = nil
        do throws(LMDBFault) {
            try copyHeaders(from: file, [:])
        } catch {
            // Without a copy nothing is written anew.
        }
    }

    private mutating func copy(
        _ tree: PageTree, _ number: UInt64, at level: Int, _ known: [UInt64: Copy]
    ) throws(LMDBFault) {
        guard !tree.isEmpty else { return }
        let page = try copied(tree, number, at: level, known)
        guard !page.isLeaf else { return }
        for index in 0..<page.count { try copy(tree, page.child(index), at: level + 1, known) }
    }

    /// The pages from the root to the last leaf.
    private mutating func copyEnd(
        of tree: PageTree, _ known: [UInt64: Copy]
    ) throws(LMDBFault) {
        var number = tree.record.root
        for level in 0..<tree.record.depth {
            let page = try copied(tree, number, at: level, known)
            if !page.isLeaf { number = try page.child(page.count - 1) }
        }
    }

    private mutating func copied(
        _ tree: PageTree, _ number: UInt64, at level: Int, _ known: [UInt64: Copy]
    ) throws(LMDBFault) -> Page {
        let page = try tree.page(number, at: level)
        try page.verify()
        pages[number] = known[number] ?? Copy(bytes: bytes(page.start), part: tree.pages.part)
        return page
    }

    private func bytes(_ start: UnsafeRawPointer) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: start, count: pageBytes))
    }

    /// Writes what lies otherwise in the file as it was, durably. Returns what was wrong.
    func restore(to file: PageFile) throws(LMDBFault) -> [LMDBFault] {
        let there = try file.pages((pages.keys.max() ?? 0) + 1, of: pageBytes)
        var damaged: [LMDBFault] = []
        for (number, copy) in pages {
            try copy.bytes.withBytes { bytes throws(LMDBFault) in
                let start = there.base + Int(number) * pageBytes
                let isThere = number < there.limit
                if isThere, bytes.isSame(as: start) { return }
                try file.write(bytes, at: Int(number) * pageBytes)
                damaged.append(
                    .damaged(number, "the disk has changed what was written", in: copy.part))
            }
        }
        return damaged
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isSame(as other: UnsafeRawPointer) -> Bool {
        guard let start = baseAddress else { return true }
        return memcmp(start, other, count) == 0
    }
}
