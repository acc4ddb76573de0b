// Big-endian fields, one after the other: how records are written and read. Reading must never go
// past the end, whatever the bytes say.

import Glibc
import Secrets

package struct RecordWriter {
    package private(set) var bytes: [UInt8] = []

    /// Reserves enough that growing leaves no copies of secrets behind.
    package init(reserving count: Int) {
        bytes.reserveCapacity(count)
    }

    package mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Bytes whose number the reader knows.
    package mutating func append(fixed value: some Collection<UInt8>) {
        bytes.append(contentsOf: value)
    }

    /// Up to 65,535 bytes, after their number.
    package mutating func append(counted value: some Collection<UInt8>) {
        append(UInt16(value.count))
        bytes.append(contentsOf: value)
    }

    package mutating func append(secret: SecretBytes) {
        secret.withBytes { append(counted: $0) }
    }

    package mutating func wipe() { bytes.wipe() }
}

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
