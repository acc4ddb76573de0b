// The fields of a message of Protocol Buffers, strictly: numbers and runs of bytes, which is all
// that an export of Google Authenticator has.

struct ProtobufReader {
    enum Value {
        case number(UInt64)
        case bytes([UInt8])
    }

    static let fault = RowFault("the data of the link has a part that is not understood")

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next field with its number; nil at the end.
    mutating func next() throws(RowFault) -> (field: Int, value: Value)? {
        guard position < bytes.count else { return nil }
        let key = try number()
        guard let field = Int(exactly: key >> 3), field > 0 else { throw Self.fault }
        switch key & 7 {
        case 0: return (field, .number(try number()))
        case 2:
            guard let count = Int(exactly: try number()), count <= bytes.count - position else {
                throw Self.fault
            }
            defer { position += count }
            return (field, .bytes(Array(bytes[position..<(position + count)])))
        default: throw Self.fault  // Fractions and groups.
        }
    }

    /// Seven bits a byte, the least first.
    private mutating func number() throws(RowFault) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard position < bytes.count else { throw Self.fault }
            let byte = bytes[position]
            position += 1
            let bits = UInt64(byte & 0x7f)
            let part = bits << UInt64(shift)
            guard part >> UInt64(shift) == bits else { throw Self.fault }
            number |= part
            if byte & 0x80 == 0 { return number }
        }
        throw Self.fault
    }
}
