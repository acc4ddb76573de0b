// A random number that a start takes anew. The store has it sealed, and the host keeps it outside
// of the state directory: an older copy of the whole directory has another one.

import Secrets

package struct Epoch: Equatable, Sendable {
    static let byteCount = 16
    let bytes: [UInt8]

    /// - Parameter bytes: 16.
    init(_ bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount, "an epoch has 16 bytes")
        self.bytes = bytes
    }

    /// - Parameter line: 32 hexadecimal digits in small letters, and a line feed.
    init?(line: UnsafeRawBufferPointer) {
        guard line.count == 2 * Self.byteCount + 1, line.last == UInt8(ascii: "\n") else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        let isWhole = bytes.withUnsafeMutableBytes {
            Hex.decode(UnsafeRawBufferPointer(rebasing: line.dropLast()), into: $0)
        }
        guard isWhole else { return nil }
        self.bytes = bytes
    }
}
