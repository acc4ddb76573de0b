// How a record is written: big-endian fields, one after the other.

import Secrets

package struct RecordWriter {
    /// Written from the front; behind `count` it is not used yet.
    private var storage: [UInt8]
    package private(set) var count = 0
    /// Whether it had to find more room than it was given.
    package private(set) var hasGrown = false

    /// - Parameter capacity: bytes to have ready; more are found when they are needed.
    package init(reserving capacity: Int) {
        storage = [UInt8](repeating: 0, count: capacity)
    }

    package var bytes: [UInt8] { Array(storage[..<count]) }

    /// Lends what was written.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    package mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        let size = MemoryLayout<Value>.size
        reserve(size)
        storage.withUnsafeMutableBytes {
            $0.storeBytes(of: value.bigEndian, toByteOffset: count, as: Value.self)
        }
        count += size
    }

    /// Bytes whose number the reader knows.
    package mutating func append(fixed value: UnsafeRawBufferPointer) {
        reserve(value.count)
        storage.withUnsafeMutableBytes {
            UnsafeMutableRawBufferPointer(rebasing: $0[count...]).copyMemory(from: value)
        }
        count += value.count
    }

    package mutating func append(fixed value: [UInt8]) {
        value.withUnsafeBytes { append(fixed: $0) }
    }

    /// Up to 65,535 bytes, after their number.
    package mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(counted: UnsafeRawBufferPointer($0)) }
    }

    package mutating func append(secret: SecretBytes) {
        secret.withBytes { append(counted: $0) }
    }

    private mutating func append(counted value: UnsafeRawBufferPointer) {
        let size = UInt16(value.count)
        reserve(2 + value.count)
        storage.withUnsafeMutableBytes {
            $0.storeBytes(of: size.bigEndian, toByteOffset: count, as: UInt16.self)
            UnsafeMutableRawBufferPointer(rebasing: $0[(count + 2)...]).copyMemory(from: value)
        }
        count += 2 + value.count
    }

    /// Finds room for `size` more bytes.
    private mutating func reserve(_ size: Int) {
        if storage.count - count < size { grow(by: size) }
    }

    /// What is left behind was a secret, perhaps.
    @inline(never)
    private mutating func grow(by size: Int) {
        var larger = [UInt8](repeating: 0, count: 2 * storage.count + size)
        larger.replaceSubrange(..<count, with: storage[..<count])
        storage.wipe()
        storage = larger
        hasGrown = true
    }

    package mutating func wipe() { storage.wipe() }
}
