// One page of a tree as it lies in LMDB's file (MDB_page and MDB_node of its mdb.c, data version
// 1), read by somebody who believes nothing. Whatever the bytes are, nothing is read outside the
// page, and what LMDB would not have written is a fault, never an answer.
//
//     0  page number       8
//     8  unused            2
//    10  flags             2
//    12  lower, upper      2 each: behind the places of the nodes, and where the first node begins
//    16  places of nodes   2 each, in the order of their keys; the nodes lie without gaps up to
//                          the page's end: low (2), high (2), flags (2), bytes of the key (2),
//                          key, value
//
// A page has no checksum. But it has its own number, so it is missed when it lies elsewhere; and
// its nodes fill it exactly, in order, so that hardly a bit of what LMDB follows can be another.

import CLMDB
import Glibc
import Store

struct Page {
    static let headerBytes = 16
    static let nodeHeaderBytes = 8
    static let branch: UInt16 = 0x01
    static let leaf: UInt16 = 0x02
    static let overflow: UInt16 = 0x04
    static let meta: UInt16 = 0x08

    let number: UInt64
    let start: UnsafeRawPointer
    /// All pages of a file have the same length.
    let bytes: Int
    let isLeaf: Bool
    let count: Int
    private let upper: Int
    /// Whose it is.
    private let part: StorePart
    /// Whether its values are what LMDB knows of tables, and nothing else.
    private let hasTables: Bool

    /// The page with this number, which must be a leaf or a branch as is said.
    init(
        _ pages: Pages, _ number: UInt64, isLeaf: Bool, hasTables: Bool
    ) throws(LMDBFault) {
        let start = try pages.start(of: number)
        guard start.loadUnaligned(as: UInt64.self) == number else {
            throw .damaged(number, "it has the number of another page", in: pages.part)
        }
        guard start.number(at: 10) == (isLeaf ? Self.leaf : Self.branch) else {
            throw .damaged(number, "it is not of the kind that belongs there", in: pages.part)
        }
        let (lower, upper) = (Int(start.number(at: 12)), Int(start.number(at: 14)))
        // A branch leads to two pages at least.
        guard lower >= Self.headerBytes + (isLeaf ? 2 : 4), lower <= upper, upper <= pages.bytes,
            lower % 2 == 0
        else { throw .damaged(number, "its header says what cannot be", in: pages.part) }
        self.number = number
        (self.start, bytes) = (start, pages.bytes)
        (self.isLeaf, self.hasTables) = (isLeaf, hasTables)
        part = pages.part
        (count, self.upper) = ((lower - Self.headerBytes) / 2, upper)
    }

    /// - Parameter index: below `count`.
    func node(_ index: Int) throws(LMDBFault) -> PageNode {
        let offset = Int(start.number(at: Self.headerBytes + 2 * index))
        guard offset >= upper, offset + Self.nodeHeaderBytes <= bytes else {
            throw .damaged(number, "a node lies outside", in: part)
        }
        let keyBytes = Int(start.number(at: offset + 6))
        guard offset + Self.nodeHeaderBytes + keyBytes <= bytes else {
            throw .damaged(number, "a key ends outside", in: part)
        }
        return PageNode(start: start + offset, offset: offset, keyBytes: keyBytes)
    }

    /// The page that a branch leads to at this place.
    func child(_ index: Int) throws(LMDBFault) -> UInt64 { try node(index).child }

    /// The last place whose key is not greater, or the first one, which stands for all smaller
    /// keys: the first key of a branch is never looked at.
    func place(of key: PageKey) throws(LMDBFault) -> Int {
        var (low, high) = (1, count)
        while low < high {
            let middle = (low + high) / 2
            if try node(middle).isAfter(key) { high = middle } else { low = middle + 1 }
        }
        return low - 1
    }

    /// The first place of a leaf whose key is not less.
    func index(of key: PageKey) throws(LMDBFault) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if try node(middle).isBefore(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Looks at all of the page: the nodes fill it, and their keys rise.
    func verify(isInOrder: Bool = true) throws(LMDBFault) {
        var used = 0
        var previous: PageNode?
        for index in 0..<count {
            let node = try node(index)
            let size = isLeaf ? try leafBytes(node) : Self.nodeHeaderBytes + node.keyBytes
            used += (size + 1) & ~1
            if isInOrder, let previous, index > (isLeaf ? 0 : 1),
                !previous.isBefore(PageKey(node.key))
            {
                throw .damaged(number, "its keys are not in order", in: part)
            }
            previous = node
        }
        guard used == bytes - upper else { throw .damaged(number, "it has lost a node", in: part) }
    }

    /// Looks whether its keys are between those that lead to it. One that they do not lead to is
    /// another's, or one of yesterday.
    func verify(isWithin range: PageRange) throws(LMDBFault) {
        // A branch's first node has no key.
        if let least = range.least, try node(isLeaf ? 0 : 1).isBefore(least) {
            throw .damaged(number, "its keys belong elsewhere", in: part)
        }
        if let end = range.end, try !node(count - 1).isBefore(end) {
            throw .damaged(number, "its keys belong elsewhere", in: part)
        }
    }

    /// What a leaf's node takes.
    private func leafBytes(_ node: PageNode) throws(LMDBFault) -> Int {
        let size: Int
        switch node.flags {
        case 0 where !hasTables: size = node.valueBytes
        case PageNode.isElsewhere where !hasTables: size = MemoryLayout<UInt64>.size
        case PageNode.isTable where hasTables && node.valueBytes == TableRecord.bytes:
            size = node.valueBytes
        default: throw .damaged(number, "a node has flags that none has here", in: part)
        }
        let whole = Self.nodeHeaderBytes + node.keyBytes + size
        guard node.offset + whole <= bytes else {
            throw .damaged(number, "a value ends outside", in: part)
        }
        return whole
    }

    /// The value of a leaf's node: within the page, or on pages of its own.
    func value(_ node: PageNode, _ pages: Pages) throws(LMDBFault) -> UnsafeRawBufferPointer {
        _ = try leafBytes(node)
        let value = node.start + Self.nodeHeaderBytes + node.keyBytes
        guard node.flags == PageNode.isElsewhere else {
            return UnsafeRawBufferPointer(start: value, count: node.valueBytes)
        }
        return try pages.overflow(value.loadUnaligned(as: UInt64.self), node.valueBytes)
    }

    /// The first page of a value that lies elsewhere; nil for one that lies here.
    func elsewhere(_ node: PageNode) throws(LMDBFault) -> UInt64? {
        _ = try leafBytes(node)
        guard node.flags == PageNode.isElsewhere else { return nil }
        return (node.start + Self.nodeHeaderBytes + node.keyBytes).loadUnaligned(as: UInt64.self)
    }
}

extension UnsafeRawPointer {
    /// A number of two bytes, as all of a page's own are.
    func number(at offset: Int) -> UInt16 {
        loadUnaligned(fromByteOffset: offset, as: UInt16.self)
    }
}
