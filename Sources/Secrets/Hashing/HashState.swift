// The states of unfinished hashes, in memory that the caller lends and wipes. A state may tell as
// much as what it has absorbed: do not copy one elsewhere.

import COpenSSL

/// One of OpenSSL's hash contexts (sha.h): plain bytes, so that copying it forks the hash.
///
/// These calls fail only for a state that was never started.
protocol HashState {
    static var blockBytes: Int { get }
    static var digestBytes: Int { get }
    static func start(_ state: UnsafeMutablePointer<Self>)
    static func absorb(_ state: UnsafeMutablePointer<Self>, _ bytes: UnsafeRawBufferPointer)
    /// Writes `digestBytes` bytes. The state is spent, and not yet wiped.
    static func finish(_ state: UnsafeMutablePointer<Self>, _ digest: UnsafeMutableRawPointer)
}

extension SHA_CTX: HashState {
    static var blockBytes: Int { 64 }
    static var digestBytes: Int { 20 }

    static func start(_ state: UnsafeMutablePointer<Self>) { require(SHA1_Init(state), "SHA-1") }

    static func absorb(_ state: UnsafeMutablePointer<Self>, _ bytes: UnsafeRawBufferPointer) {
        require(SHA1_Update(state, bytes.baseAddress, bytes.count), "SHA-1")
    }

    static func finish(_ state: UnsafeMutablePointer<Self>, _ digest: UnsafeMutableRawPointer) {
        require(SHA1_Final(digest.assumingMemoryBound(to: UInt8.self), state), "SHA-1")
    }
}

extension SHA256_CTX: HashState {
    static var blockBytes: Int { 64 }
    static var digestBytes: Int { 32 }

    static func start(_ state: UnsafeMutablePointer<Self>) {
        require(SHA256_Init(state), "SHA-256")
    }

    static func absorb(_ state: UnsafeMutablePointer<Self>, _ bytes: UnsafeRawBufferPointer) {
        require(SHA256_Update(state, bytes.baseAddress, bytes.count), "SHA-256")
    }

    static func finish(_ state: UnsafeMutablePointer<Self>, _ digest: UnsafeMutableRawPointer) {
        require(SHA256_Final(digest.assumingMemoryBound(to: UInt8.self), state), "SHA-256")
    }
}

extension SHA512_CTX: HashState {
    static var blockBytes: Int { 128 }
    static var digestBytes: Int { 64 }

    static func start(_ state: UnsafeMutablePointer<Self>) {
        require(SHA512_Init(state), "SHA-512")
    }

    static func absorb(_ state: UnsafeMutablePointer<Self>, _ bytes: UnsafeRawBufferPointer) {
        require(SHA512_Update(state, bytes.baseAddress, bytes.count), "SHA-512")
    }

    static func finish(_ state: UnsafeMutablePointer<Self>, _ digest: UnsafeMutableRawPointer) {
        require(SHA512_Final(digest.assumingMemoryBound(to: UInt8.self), state), "SHA-512")
    }
}
