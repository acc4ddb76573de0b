// A node of a page, of which the key was found to lie inside the page.

import Glibc

struct PageNode {
    /// The value has pages of its own.
    static let isElsewhere: UInt16 = 0x01
    /// The value is what LMDB knows of a table.
    static let isTable: UInt16 = 0x02

    let start: UnsafeRawPointer
    let offset: Int
    let keyBytes: Int

    var flags: UInt16 { start.number(at: 4) }
    var key: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: start + Page.nodeHeaderBytes, count: keyBytes)
    }
    var valueBytes: Int { Int(start.loadUnaligned(as: UInt32.self)) }
    var child: UInt64 {
        UInt64(start.loadUnaligned(as: UInt32.self)) | UInt64(flags) << 32
    }

    func isBefore(_ key: PageKey) -> Bool { order(key) < 0 }
    func isAfter(_ key: PageKey) -> Bool { order(key) > 0 }

    /// Less than zero when this key is less, as LMDB has it: byte by byte, the shorter one first.
    func order(_ other: PageKey) -> Int {
        let own = start + Page.nodeHeaderBytes
        if keyBytes >= 8, other.bytes.count >= 8 {
            let begin = UInt64(bigEndian: own.loadUnaligned(as: UInt64.self))
            if begin != other.begin { return begin < other.begin ? -1 : 1 }
        }
        let order = Int(memcmp(own, other.start, min(keyBytes, other.bytes.count)))
        return order == 0 ? keyBytes - other.bytes.count : order
    }
}
