// LMDB's file as pages, mapped a second time, for reading only: what is followed here is looked at
// first, and LMDB is asked to walk where that was done. It gives out no page that is not
// in the file: the kernel answers a look past its end with SIGBUS.

import Store

/// The pages that one snapshot may look at.
struct Pages {
    let base: UnsafeRawPointer
    /// How many there are.
    let limit: UInt64
    /// In each.
    let bytes: Int
    /// Whose they are here.
    private(set) var part = StorePart.store

    init(base: UnsafeRawPointer, limit: UInt64, bytes: Int) {
        (self.base, self.limit, self.bytes) = (base, limit, bytes)
    }

    /// The same, for somebody who looks at a certain part.
    func of(_ part: StorePart) -> Pages {
        var pages = self
        pages.part = part
        return pages
    }

    func start(of number: UInt64) throws(LMDBFault) -> UnsafeRawPointer {
        // The first two are LMDB's own header.
        guard number >= 2, number < limit else {
            throw .damaged(number, "something refers to it, and it is not in the file", in: part)
        }
        return base + Int(number) * bytes
    }

    /// A value that has pages of its own.
    func overflow(_ number: UInt64, _ count: Int) throws(LMDBFault) -> UnsafeRawBufferPointer {
        _ = try overflowPages(number, count)
        let start = try start(of: number) + Page.headerBytes
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    /// How many pages such a value has: more than it needs, where it was longer before.
    func overflowPages(_ number: UInt64, _ count: Int) throws(LMDBFault) -> UInt64 {
        let start = try start(of: number)
        let pages = UInt64(start.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
        guard start.loadUnaligned(as: UInt64.self) == number,
            start.loadUnaligned(fromByteOffset: 10, as: UInt16.self) == Page.overflow,
            pages >= neededPages(count)
        else { throw .damaged(number, "it is not the beginning of a long value", in: part) }
        guard pages <= limit - number else {
            throw .damaged(number, "its value ends behind the end of the file", in: part)
        }
        return pages
    }

    /// How many pages of its own such a value needs.
    func neededPages(_ count: Int) -> UInt64 { UInt64((Page.headerBytes - 1 + count) / bytes + 1) }
}
