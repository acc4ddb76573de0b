// The hash of a set, which moves with each element that comes or goes: the exclusive or of a hash
// of each (MSet-XOR-Hash: Clarke, Devadas, van Dijk, Gassend and Suh, ASIACRYPT 2003). An element
// has a place, and each place has one element at most: the same one twice would cancel itself out.

package struct SetHash: Equatable, Sendable {
    package static let bytes = 16
    package static let empty = SetHash(high: 0, low: 0)

    private var high: UInt64
    private var low: UInt64

    private init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    /// - Parameter bytes: 16.
    package init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == Self.bytes, "a set's hash has 16 bytes")
        high = bytes.loadUnaligned(as: UInt64.self)
        low = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    }

    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: (high, low)) { body($0) }
    }

    /// Adds an element, or takes one away.
    package static func ^= (set: inout SetHash, element: SetHash) {
        set.high ^= element.high
        set.low ^= element.low
    }
}
