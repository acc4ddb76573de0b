// Where in a frame or a segment a record's bytes are, after their number. Zero is no place: a
// header is there.

struct LogPlace: Equatable {
    static let nowhere = LogPlace(offset: 0)
    static let lengthBytes = 2
    let offset: UInt32

    var isSomewhere: Bool { offset != 0 }

    func moved(by distance: Int) -> LogPlace { LogPlace(offset: offset + UInt32(distance)) }

    /// The record's bytes, or nil when the entry says that it is gone.
    func record(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let start = Int(offset)
        precondition(start + Self.lengthBytes <= bytes.count, "a place outside its segment")
        let count = Int(bytes[start]) << 8 | Int(bytes[start + 1])
        guard count > 0 else { return nil }
        // The file is read where it lies, and a failing disk may have changed it since it was
        // opened: what is no record any more must not be read past its end, and does not open.
        guard start + Self.lengthBytes + count <= bytes.count else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(
            rebasing: bytes[(start + Self.lengthBytes)..<(start + Self.lengthBytes + count)])
    }
}
