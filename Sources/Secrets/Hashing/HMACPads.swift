// HMAC (RFC 2104) as two forked hashes: a key is absorbed once, and each message costs two more
// blocks. The states are as secret as the key: they lie in the caller's memory, and the caller
// wipes them.

/// The hash states after the inner and the outer padded key.
struct HMACPads<State: HashState> {
    let inner: UnsafePointer<State>
    let outer: UnsafePointer<State>

    /// Absorbs a key of any length into `inner` and `outer`.
    static func write(
        _ key: UnsafeRawBufferPointer, inner: UnsafeMutablePointer<State>,
        outer: UnsafeMutablePointer<State>
    ) {
        withUnsafeTemporaryAllocation(byteCount: State.blockBytes, alignment: 8) { pad in
            pad.initializeMemory(as: UInt8.self, repeating: 0)
            if key.count > State.blockBytes {
                State.start(inner)
                State.absorb(inner, key)
                State.finish(inner, pad.address)
            } else {
                pad.copyMemory(from: key)
            }
            for index in 0..<State.blockBytes { pad[index] ^= 0x36 }
            State.start(inner)
            State.absorb(inner, UnsafeRawBufferPointer(pad))
            // What was the inner padding becomes the outer.
            for index in 0..<State.blockBytes { pad[index] ^= 0x36 ^ 0x5c }
            State.start(outer)
            State.absorb(outer, UnsafeRawBufferPointer(pad))
            wipe(pad)
        }
    }

    /// Writes the digest of `message`. `work` is left for the caller to wipe.
    func authenticate(
        _ message: UnsafeRawBufferPointer, work: UnsafeMutablePointer<State>,
        digest: UnsafeMutableRawBufferPointer
    ) {
        precondition(digest.count >= State.digestBytes, "a digest longer than its buffer")
        work.update(from: inner, count: 1)
        State.absorb(work, message)
        State.finish(work, digest.address)
        work.update(from: outer, count: 1)
        State.absorb(work, UnsafeRawBufferPointer(start: digest.address, count: State.digestBytes))
        State.finish(work, digest.address)
    }
}

extension UnsafeMutableRawBufferPointer {
    /// The address of a buffer that is known to have one.
    fileprivate var address: UnsafeMutableRawPointer {
        guard let baseAddress else { preconditionFailure("a block of no bytes") }
        return baseAddress
    }
}
