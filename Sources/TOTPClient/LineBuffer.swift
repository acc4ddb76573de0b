// Collects bytes and hands out whole lines. What is left at the end without its LF is no line.

struct LineBuffer {
    /// Without its LF. The largest reply, `enroll` with a QR code, has some tens of kibibytes.
    static let lineBytesMax = 1 << 20

    private var bytes: [UInt8] = []
    /// Where the next line starts.
    private var start = 0
    /// No LF lies between `start` and here: a long line is not searched again for each part.
    private var searched = 0

    var isEmpty: Bool { start == bytes.count }
    var count: Int { bytes.count - start }
    /// With what was given out already.
    var storedCount: Int { bytes.count }

    mutating func append(_ part: UnsafeRawBufferPointer) {
        // What was given out goes once it is the larger half, so that each byte moves once at most.
        if start > count {
            bytes.removeSubrange(..<start)
            (start, searched) = (0, searched - start)
        }
        bytes.append(contentsOf: part)
    }

    /// The next line without its LF, or nil when it is not complete yet.
    mutating func next() throws(ClientError) -> [UInt8]? {
        guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            guard count <= Self.lineBytesMax else { throw .lineTooLong }
            return nil
        }
        guard end - start <= Self.lineBytesMax else { throw .lineTooLong }
        let line = Array(bytes[start..<end])
        (start, searched) = (end + 1, end + 1)
        return line
    }
}
