// Makes a sound page of a damaged one, where that is the last of the events: LMDB puts each new
// event behind the last, so nothing could be folded any more, and the log would fill.
//
// What still opens stays. Where nothing does, a record takes its place that does not open either,
// so that whoever reads the events learns that some are missing. The page is written where it is,
// past LMDB: it had nothing that LMDB could use.

import CLMDB
import Secrets
import Store

struct EventLeafMend {
    /// In the place of events that are lost: no version of a record.
    static let nothing: [UInt8] = [0]

    let trees: TreeSnapshot
    let seal: RecordSeal
    /// The oldest event that is kept.
    let oldest: UInt64

    private struct Node {
        let key: [UInt8]
        let bytes: [UInt8]
    }

    /// Throws what cannot be mended: a branch that leads there.
    func run() throws(LMDBFault) {
        guard let tree = trees[.events], !tree.isEmpty else { return }
        var number = tree.record.root
        var range = PageRange()
        for level in 0..<tree.record.depth - 1 {
            let page = try tree.page(number, at: level)
            try page.verify()
            try page.verify(isWithin: range)
            range = try range.narrowed(to: page.count - 1, of: page)
            number = try page.child(page.count - 1)
        }
        var nodes = try remains(of: number, tree.pages, range.least?.bytes)
        if nodes.isEmpty { nodes = [placeholder(range.least?.bytes)] }
        let bytes = Self.page(number, nodes, tree.pages.bytes)
        try bytes.withBytes { bytes throws(LMDBFault) in
            try trees.write(bytes, toPage: number)
        }
    }

    private func placeholder(_ least: UnsafeRawBufferPointer?) -> Node {
        let key =
            least.map { Array($0) } ?? withUnsafeBytes(of: oldest.bigEndian) { Array($0) }
        return Node(key: key, bytes: Self.header(Self.nothing.count, key) + key + Self.nothing)
    }

    /// Low and high half of the value's length, no flags, and the key's length.
    private static func header(_ valueBytes: Int, _ key: [UInt8]) -> [UInt8] {
        [valueBytes, 0, 0, key.count].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF)] }
    }

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
        guard seal.opens(value, in: .events, at: node.key) else { return nil }
        return Node(
            key: Array(node.key),
            bytes: Array(UnsafeRawBufferPointer(start: node.start, count: whole)))
    }

    /// A leaf as LMDB would have written it: see `Page`.
    private static func page(_ number: UInt64, _ nodes: [Node], _ bytes: Int) -> [UInt8] {
        var page = [UInt8](repeating: 0, count: bytes)
        var upper = bytes
        var places: [Int] = []
        for node in nodes {
            upper -= (node.bytes.count + 1) & ~1
            page.replaceSubrange(upper..<upper + node.bytes.count, with: node.bytes)
            places.append(upper)
        }
        let lower = Page.headerBytes + 2 * nodes.count
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
