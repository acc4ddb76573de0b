// The steps over single bytes that the reader is made of. Each says `unexpectedEnd` at the end of
// the text, so every beginning of a good request is refused as too short.
//
// Inlined, since a call costs more than the step: a tenth of the instructions that reading takes.

extension JSONReader {
    package func fault(_ reason: JSONFault.Reason) -> JSONFault {
        JSONFault(reason: reason, offset: position)
    }

    /// The byte at the position, which does not move.
    @inlinable @inline(__always)
    package func peek() throws(JSONFault) -> UInt8 {
        guard position < bytes.count else { throw fault(.unexpectedEnd) }
        return bytes[position]
    }

    @inlinable @inline(__always)
    package mutating func expect(_ byte: UInt8) throws(JSONFault) {
        guard try peek() == byte else { throw fault(.unexpectedByte) }
        position += 1
    }

    mutating func expect(word: StaticString) throws(JSONFault) {
        for index in 0..<word.utf8CodeUnitCount {
            try expect(word.utf8Start[index])
        }
    }

    @inlinable @inline(__always)
    package mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                position += 1
            default:
                return
            }
        }
    }

    var startsWithByteOrderMark: Bool {
        bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    }
}
