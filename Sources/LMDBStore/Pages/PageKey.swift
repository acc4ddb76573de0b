// A key that is looked for, with its first bytes as a number, so that most keys are compared at
// once.

struct PageKey {
    let bytes: UnsafeRawBufferPointer
    let start: UnsafeRawPointer
    let begin: UInt64

    private static let nothing: StaticString = ""

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        start = bytes.baseAddress ?? UnsafeRawPointer(Self.nothing.utf8Start)
        begin = bytes.count >= 8 ? UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) : 0
    }
}
