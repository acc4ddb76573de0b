// Bytes of a secret: locked in memory where there is room, wiped when dropped, compared in constant
// time, and not printable.

import COpenSSL

/// An immutable run of secret bytes.
///
/// It lives in OpenSSL's secure heap (locked, left out of core dumps) once `SecureHeap.start` has
/// run and while the heap has room; otherwise in ordinary memory. It is wiped in both cases.
package final class SecretBytes: @unchecked Sendable {
    // Unchecked, because the compiler cannot see that nothing writes to `base` after `init`.
    private let base: UnsafeMutableRawPointer
    private let isInSecureHeap: Bool
    package let count: Int

    /// Makes `count` bytes and lets `fill` write them; they are zero before.
    package init<Failure: Error>(
        count: Int, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(count > 0, "a secret has at least one byte")
        if let secure = SecureHeap.allocate(count) {
            (base, isInSecureHeap) = (secure, true)
        } else {
            base = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
            isInSecureHeap = false
        }
        self.count = count
        base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        try fill(UnsafeMutableRawBufferPointer(start: base, count: count))
    }

    package convenience init(_ bytes: some Collection<UInt8>) {
        self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    package convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count) { $0.copyMemory(from: bytes) }
    }

    deinit {
        OPENSSL_cleanse(base, count)
        if isInSecureHeap {
            SecureHeap.release(base, count)
        } else {
            base.deallocate()
        }
    }

    /// Lends the bytes. They must not leave the closure.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }
}

extension SecretBytes: Equatable {
    /// Takes the same time wherever the bytes differ. The length is not a secret.
    package static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        // Most are compared with themselves: whether anything of an account has changed.
        left === right || left.withBytes { left in right.withBytes { areEqual(left, $0) } }
    }

    package static func areEqual(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
    ) -> Bool {
        left.count == right.count
            && CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
