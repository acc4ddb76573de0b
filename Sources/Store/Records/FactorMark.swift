// What a guard record knows of the factor record it was written with, so that neither is taken with
// an older one of the other: a factor of yesterday would bring back a phone that was stolen since,
// and the backup codes that were used.
//
// It tells apart what totpd itself has written of an account, and no more: nobody else can make
// records. So it need not be a cryptographic hash, which would cost a login more. It is sealed.

package struct FactorMark: Equatable, Sendable {
    package static let bytes = 8
    /// There is no factor record.
    package static let none = FactorMark(rawValue: 0)

    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// On disk: never change it. Each word of eight bytes, the last one filled up with zeros, is
    /// mixed into the result so that one that differs makes another result.
    ///
    /// - Parameter plain: the factor record.
    package init(of plain: UnsafeRawBufferPointer) {
        var mark = UInt64(plain.count) ^ 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset < plain.count {
            var word: UInt64 = 0
            if offset + 8 <= plain.count {
                word = UInt64(
                    littleEndian: plain.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            } else {
                for place in offset..<plain.count {
                    word |= UInt64(plain[place]) << UInt64(8 * (place - offset))
                }
            }
            mark = (mark ^ word) &* 0xD6E8_FEB8_6659_FD93
            mark ^= mark >> 32
            offset += 8
        }
        // Zero is no factor's.
        rawValue = max(mark, 1)
    }
}
