// A short word as one number, so that names are compared as numbers. Two words never have the same
// number.

/// Up to sixteen bytes without NUL. Shorter words have zero bytes in front, so that no two words
/// have the same number.
struct ShortName: Equatable, Sendable {
    private let packed: UInt128

    /// Nil when the word is longer, empty, or has a NUL.
    init?(_ word: some Sequence<UInt8>) {
        var packed: UInt128 = 0
        var count = 0
        for byte in word {
            guard byte != 0, count < 16 else { return nil }
            packed = packed << 8 | UInt128(byte)
            count += 1
        }
        guard count > 0 else { return nil }
        self.packed = packed
    }
}
