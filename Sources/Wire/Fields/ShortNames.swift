// Words of a fixed list, each found by its text. Those asked for most often should come first.

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
