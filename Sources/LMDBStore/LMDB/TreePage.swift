// A page of a tree: a header, where its nodes are in the order of their keys, and the nodes.

import CLinux

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
