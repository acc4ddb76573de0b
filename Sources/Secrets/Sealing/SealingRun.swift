// The nonces of one thread's seals: random at the start of a run, counted within it. A nonce that
// repeats under one key breaks the encryption.

/// Why runs: a run has one derived key, so the key, its schedule and GCM's tables are made once a
/// run, here and wherever the records of the run are opened. The specification draws every nonce
/// anew; what makes a counted one as good is written out here.
///
/// - Within a run, the last 8 bytes count. 2⁶⁴ values do not come round in 2²⁴ seals.
/// - Two runs under one key share a nonce only if their first 16 bytes are equal and their counters
///   begin within 2²⁴ of each other: 2⁻¹²⁸ ⋅ 2⁻³⁹ = 2⁻¹⁶⁷ for a pair. 10⁶ seals a second for a
///   century are 2⁵² seals, or 2²⁸ runs, or 2⁵⁵ pairs: 2⁻¹¹². Restarts and threads cut runs short;
///   with 2⁴⁰ runs it is 2⁻⁸⁸.
/// - Under one derived key, 2²⁴ KiB are 2³⁰ blocks, and tell GCM from chance with an advantage of
///   2⁶⁰ ⋅ 2⁻¹²⁹ = 2⁻⁶⁹; 2²⁸ runs, with 2⁻⁴¹. NIST SP 800-38D §8.3 allows 2³² seals.
///
/// A copy of the process that also seals would repeat its nonces: totpd does not fork, and a
/// machine must not be resumed twice from one snapshot of its memory. That was no different when
/// every nonce was drawn, because a copy of the random generator draws the same ones.
struct SealingRun {
    /// What a run may seal: a unit for each seal and one more for each whole KiB, so that this
    /// bounds both. Long enough that a store of 10⁷ accounts holds the prefixes of a few runs,
    /// which is what `OpeningContexts` counts on.
    static let unitsMax = 1 << 24

    private let unitsMax: Int
    private var unitsLeft = 0
    private var key = SealingKey.noIdentity
    private var nonce = SealingNonce()

    init(unitsMax: Int = SealingRun.unitsMax) { self.unitsMax = unitsMax }

    /// The nonce to seal `byteCount` bytes, and whether it begins a run, whose key has yet to be
    /// derived.
    mutating func next(
        for identity: UInt64, byteCount: Int
    ) -> (nonce: SealingNonce, isFirst: Bool) {
        let units = 1 + byteCount >> 10
        if identity == key && unitsLeft >= units {
            unitsLeft -= units
            nonce.words.2 &+= 1
            return (nonce, isFirst: false)
        }
        withUnsafeMutableBytes(of: &nonce.words) { Randomness.fill($0) }
        key = identity
        unitsLeft = unitsMax - units
        return (nonce, isFirst: true)
    }

    /// Says that the context it was kept with has been given another key.
    mutating func end() { unitsLeft = 0 }
}
