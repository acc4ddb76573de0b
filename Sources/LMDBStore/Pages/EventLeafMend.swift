// Makes a sound page of a damaged one, where that is the last of the events: LMDB puts each new
// event behind the last, so nothing could be folded any more, and the log would fill.
//
// What still opens stays. A gap takes the place of what does not, and says which events are lost.
// What LMDB was not to have yet is in the log, and comes again. The page is written where it is,
// past LMDB: it had nothing that LMDB could use.

import Accounts
import CLMDB
import Secrets
import Store

struct EventLeafMend {
    /// In the place of what comes again: no version of a record.
    static let nothing: [UInt8] = [0]

    let trees: TreeSnapshot
    let seal: RecordSeal
    /// Where the chain begins: at the last event that is kept no more.
    let tail: EventHead
    /// Where it ends in LMDB. What is behind that is in the log as well.
    let head: EventHead
    let now: Instant
    let peer: Peer

    private struct Node {
        let key: [UInt8]
        let bytes: [UInt8]
        let block: EventBlock
        /// Where the chain ends with it.
        let head: EventHead
    }

    /// Returns which events are lost. Throws what cannot be mended: a branch that leads there.
    func run() throws(LMDBFault) -> [EventGap] {
        guard let tree = trees[.events], !tree.isEmpty else { return [] }
        var number = tree.record.root
        var range = PageRange()
        for level in 0..<tree.record.depth - 1 {
            let page = try tree.page(number, at: level)
            try page.verify()
            try page.verify(isWithin: range)
            range = try range.narrowed(to: page.count - 1, of: page)
            number = try page.child(page.count - 1)
        }
        let remains = try remains(of: number, tree.pages, range.least?.bytes)
        let before = try end(before: range.least?.bytes, tree)
        let plan = plan(remains, after: before, tree.pages.bytes)
        let others = try entries(of: tree, at: 0, tree.record.root, without: number)
        // First: if a crash comes between the two, the next start does both.
        try trees.setEntries(others + UInt64(plan.nodes.count), of: .events)
        let page = Self.page(number, plan.nodes, tree.pages.bytes)
        try page.withBytes { bytes throws(LMDBFault) in
            try trees.write(bytes, toPage: number)
        }
        return plan.gaps
    }

    // MARK: What is there

    /// The nodes that lie within the page and are what they were: their seals say so.
    private func remains(
        of number: UInt64, _ pages: Pages, _ least: UnsafeRawBufferPointer?
    ) throws(LMDBFault) -> [Node] {
        let start = try pages.start(of: number)
        let lower = min(Int(start.number(at: 12)), pages.bytes)
        var nodes: [Node] = []
        for place in stride(from: Page.headerBytes, to: lower - 1, by: 2) {
            guard let node = node(at: Int(start.number(at: place)), start, pages) else { continue }
            let isBehind = node.key.withBytes { key in
                let last = nodes.last.map { $0.key.withBytes { key.order(to: $0) > 0 } } ?? true
                return last && (least.map { key.order(to: $0) >= 0 } ?? true)
            }
            if isBehind { nodes.append(node) }
        }
        return nodes
    }

    private func node(at offset: Int, _ start: UnsafeRawPointer, _ pages: Pages) -> Node? {
        let keyBytes = Table.events.keyBytes
        guard offset >= Page.headerBytes,
            offset + Page.nodeHeaderBytes + keyBytes <= pages.bytes
        else { return nil }
        let node = PageNode(
            start: start + offset, offset: offset, keyBytes: Int(start.number(at: offset + 6)))
        guard node.keyBytes == keyBytes else { return nil }
        let isElsewhere = node.flags == PageNode.isElsewhere
        let inside = isElsewhere ? MemoryLayout<UInt64>.size : node.valueBytes
        let whole = Page.nodeHeaderBytes + keyBytes + inside
        guard isElsewhere || node.flags == 0, offset + whole <= pages.bytes else { return nil }
        let place = node.start + Page.nodeHeaderBytes + keyBytes
        let value: UnsafeRawBufferPointer
        if isElsewhere {
            do throws(LMDBFault) {
                value = try pages.overflow(
                    place.loadUnaligned(as: UInt64.self), node.valueBytes)
            } catch {
                return nil
            }
        } else {
            value = UnsafeRawBufferPointer(start: place, count: node.valueBytes)
        }
        guard let (block, head) = seal.openedBlock(value, at: node.key) else { return nil }
        return Node(
            key: Array(node.key),
            bytes: Array(UnsafeRawBufferPointer(start: node.start, count: whole)), block: block,
            head: head)
    }

    /// Where the chain ends before the page.
    private func end(
        before least: UnsafeRawBufferPointer?, _ tree: PageTree
    ) throws(LMDBFault) -> EventHead {
        guard let least else { return tail }
        // What the record before does not say is not known: the check tells of that record.
        var end = EventHead(
            sequence: LoggedEvents.sequence(least) &- 1, hash: EventHead.empty.hash)
        do {
            try tree.backward(from: least, { throw $0 }) { key, value in
                guard key.order(to: least) < 0 else { return true }
                if let (_, head) = seal.openedBlock(value, at: key) { end = head }
                return false
            }
        } catch {
            // It lies on a damaged page itself, or this one was met first.
        }
        return end
    }

    private func entries(
        of tree: PageTree, at level: Int, _ number: UInt64, without leaf: UInt64
    ) throws(LMDBFault) -> UInt64 {
        if number == leaf { return 0 }
        let page = try tree.page(number, at: level)
        guard !page.isLeaf else { return UInt64(page.count) }
        var sum: UInt64 = 0
        for index in 0..<page.count {
            sum += try entries(of: tree, at: level + 1, page.child(index), without: leaf)
        }
        return sum
    }

    // MARK: What comes there

    private func plan(
        _ remains: [Node], after before: EventHead, _ bytes: Int
    ) -> (nodes: [Self.Row], gaps: [EventGap]) {
        var rows: [Row] = []
        var gaps: [EventGap] = []
        var end = before
        for node in remains where node.block.first > end.sequence {
            fill(&rows, &gaps, from: end, to: node.block.first - 1, node.block.previous)
            rows.append(Row(key: node.key, bytes: node.bytes))
            end = node.head
        }
        fill(&rows, &gaps, from: end, to: head.sequence, head.hash)
        let room = bytes - Page.headerBytes
        if rows.reduce(0, { $0 + 2 + ($1.bytes.count + 1) & ~1 }) > room, let first = gaps.first {
            // So many gaps have no room there: one is for all behind the first, and for one before
            // it, as long as even that has none.
            let kept = remains.filter { $0.block.last < first.lost.lowerBound }
            let fewer = kept.count < remains.count ? kept : Array(kept.dropLast())
            return plan(fewer, after: before, bytes)
        }
        if rows.isEmpty { rows = [row(end.sequence + 1, Self.nothing)] }
        return (rows, gaps)
    }

    private struct Row {
        let key: [UInt8]
        let bytes: [UInt8]
    }

    /// Puts a gap where events are lost that LMDB was to have.
    private func fill(
        _ rows: inout [Row], _ gaps: inout [EventGap], from end: EventHead, to last: UInt64,
        _ lastHash: [UInt8]
    ) {
        let isCut = last > head.sequence
        let lost = EventHead(
            sequence: isCut ? head.sequence : last, hash: isCut ? head.hash : lastHash)
        guard lost.sequence > end.sequence else { return }
        let gap = EventGap(after: end, through: lost, at: now, by: peer)
        let key = withUnsafeBytes(of: gap.lost.lowerBound.bigEndian) { Array($0) }
        let sealed = gap.bytes.withBytes { plain in
            key.withBytes {
                seal.seal(plain, version: EventRecord.gapVersion, in: .events, at: $0)
            }
        }
        gaps.append(gap)
        rows.append(row(gap.lost.lowerBound, sealed))
    }

    private func row(_ sequence: UInt64, _ value: [UInt8]) -> Row {
        let key = withUnsafeBytes(of: sequence.bigEndian) { Array($0) }
        // Low and high half of the value's length, no flags, and the key's length.
        let header = [value.count, 0, 0, key.count]
            .flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF)] }
        return Row(key: key, bytes: header + key + value)
    }

    /// A leaf as LMDB would have written it: see `Page`.
    private static func page(_ number: UInt64, _ rows: [Row], _ bytes: Int) -> [UInt8] {
        var page = [UInt8](repeating: 0, count: bytes)
        var upper = bytes
        var places: [Int] = []
        for row in rows {
            upper -= (row.bytes.count + 1) & ~1
            page.replaceSubrange(upper..<upper + row.bytes.count, with: row.bytes)
            places.append(upper)
        }
        let lower = Page.headerBytes + 2 * rows.count
        page.withUnsafeMutableBytes { page in
            page.storeBytes(of: number, toByteOffset: 0, as: UInt64.self)
            page.storeBytes(of: Page.leaf, toByteOffset: 10, as: UInt16.self)
            page.storeBytes(of: UInt16(lower), toByteOffset: 12, as: UInt16.self)
            page.storeBytes(of: UInt16(upper), toByteOffset: 14, as: UInt16.self)
            for (index, place) in places.enumerated() {
                page.storeBytes(
                    of: UInt16(place), toByteOffset: Page.headerBytes + 2 * index, as: UInt16.self)
            }
        }
        return page
    }
}

extension RecordSeal {
    /// A block of events, and where the chain ends with it; nil for one that cannot be read.
    fileprivate func openedBlock(
        _ sealed: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer
    ) -> (EventBlock, EventHead)? {
        let version = Self.version(of: sealed)
        do throws(RecordFault) {
            return try withOpened(
                sealed, version: version, in: .events, at: key
            ) { plain throws(RecordFault) in
                let block = try EventRecord.decode(plain, version: version)
                return (block, block.head(of: plain))
            }
        } catch {
            return nil
        }
    }
}
