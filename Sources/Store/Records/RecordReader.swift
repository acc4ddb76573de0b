// How a record is read: big-endian fields, one after the other, and never past the end, whatever
// the bytes say.

import Glibc
import Secrets

package struct RecordReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    package mutating func read<Value: FixedWidthInteger>(
        _ type: Value.Type = Value.self
    ) throws(RecordFault) -> Value {
        let size = MemoryLayout<Value>.size
        return Value(bigEndian: try take(size).loadUnaligned(as: Value.self))
    }

    package mutating func read(fixed count: Int) throws(RecordFault) -> [UInt8] {
        Array(try take(count))
    }

    package mutating func readText() throws(RecordFault) -> String {
        let count = try read(UInt16.self)
        guard let text = String(validating: try take(Int(count)), as: UTF8.self) else {
            throw .malformed
        }
        return text
    }

    package mutating func skipText() throws(RecordFault) {
        let count = try read(UInt16.self)
        _ = try take(Int(count))
    }

    /// Reads a text, and returns whether it is this one, byte for byte.
    package mutating func skip(text: String) throws(RecordFault) -> Bool {
        let count = try read(UInt16.self)
        let bytes = try take(Int(count))
        var text = text
        return text.withUTF8 { text in
            guard text.count == bytes.count else { return false }
            guard let left = text.baseAddress, let right = bytes.baseAddress else { return true }
            return memcmp(left, right, text.count) == 0
        }
    }

    package mutating func readSecret() throws(RecordFault) -> SecretBytes {
        let count = try read(UInt16.self)
        guard count > 0 else { throw .malformed }
        return SecretBytes(copying: try take(Int(count)))
    }

    package var isAtEnd: Bool { offset == bytes.count }

    package func finish() throws(RecordFault) {
        guard isAtEnd else { throw .malformed }
    }

    private mutating func take(_ count: Int) throws(RecordFault) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - offset else { throw .malformed }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
    }
}
