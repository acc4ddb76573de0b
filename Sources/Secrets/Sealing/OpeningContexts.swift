// Decryption contexts that have their key already, for the runs of seals that a thread opens most
// (see SealingRun).

import COpenSSL

/// One thread's contexts. Records of 10⁷ accounts come from a few runs, so most openings find a
/// context and need only a nonce; one that does not costs what deriving its key costs.
///
/// A context holds a derived key in ordinary memory, like every context of OpenSSL. It is wiped
/// when the context is given another key, and with the thread (EVP_CIPHER_CTX_free(3)). Sealing
/// keys are told apart by a number that is given out once: a context whose sealing key is gone is
/// never asked for again.
final class OpeningContexts {
    /// About 1.5 KiB each, and all of them are looked through when none fits.
    static let capacity = 32

    private struct Entry {
        let context: OpaquePointer
        var key = SealingKey.noIdentity
        var prefix: (UInt64, UInt32) = (0, 0)
        /// Found since the hand last passed.
        var isRecent = false
    }

    // Not an array: it is only touched here, and an array would be checked at each opening.
    private let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
    private var count = 0
    private var hand = 0

    deinit {
        for index in 0..<count { EVP_CIPHER_CTX_free(entries[index].context) }
        entries.deallocate()
    }

    /// The context for a sealing key and a nonce's first 12 bytes. If it is not keyed yet, the
    /// caller keys it before anything else.
    func context(
        for key: UInt64, _ nonce: UnsafeRawBufferPointer
    ) -> (OpaquePointer, isKeyed: Bool) {
        precondition(nonce.count == SealingKey.nonceBytes, "a nonce has 24 bytes")
        let high = nonce.loadUnaligned(as: UInt64.self)
        let low = nonce.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
        for index in 0..<count {
            let entry = entries + index
            guard entry.pointee.prefix.0 == high, entry.pointee.prefix.1 == low,
                entry.pointee.key == key
            else { continue }
            entry.pointee.isRecent = true
            return (entry.pointee.context, isKeyed: true)
        }
        let entry = entries + vacate()
        entry.pointee.key = key
        entry.pointee.prefix = (high, low)
        return (entry.pointee.context, isKeyed: false)
    }

    /// A new entry while there is room, then the first that was not found since the hand last came
    /// by. One that is found once only goes before those that are found again and again.
    private func vacate() -> Int {
        if count < Self.capacity {
            let context = require(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new")
            require(
                EVP_DecryptInit_ex(context, FetchedAlgorithms.gcm, nil, nil, nil), "AES-256-GCM")
            (entries + count).initialize(to: Entry(context: context))
            count += 1
            return count - 1
        }
        while entries[hand].isRecent {
            entries[hand].isRecent = false
            hand = (hand + 1) % Self.capacity
        }
        defer { hand = (hand + 1) % Self.capacity }
        return hand
    }
}
