// A short word as one number, so that a name is recognised by comparing numbers and not texts. It
// must never take two different words for the same.

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

/// Words of a fixed list, each found by its text. Those asked for most often should come first.
struct ShortNames<Word: Sendable>: Sendable {
    private let names: [(ShortName, Word)]

    init(_ words: [Word], text: (Word) -> String) {
        names = words.map { word in
            guard let name = ShortName(text(word).utf8) else {
                preconditionFailure("'\(text(word))' is no short name: 1 to 16 bytes")
            }
            return (name, word)
        }
    }

    subscript(_ text: some Sequence<UInt8>) -> Word? {
        guard let name = ShortName(text) else { return nil }
        for (candidate, word) in names where candidate == name { return word }
        return nil
    }
}
