// A nonce of XAES-256-GCM: twelve bytes that choose the derived key, then GCM's own twelve.

struct SealingNonce: Equatable {
    var words: (UInt64, UInt64, UInt64) = (0, 0, 0)

    static func == (left: SealingNonce, right: SealingNonce) -> Bool { left.words == right.words }
}
