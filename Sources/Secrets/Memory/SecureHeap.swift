// Keeps keys and secrets out of swap and core dumps. Start it before the first secret is made. If
// it is full, secrets go to ordinary memory.

import CLinux
import COpenSSL
import Glibc

package enum SecureHeap {
    /// One mebibyte: half of it is 8192 secrets in flight at 64 bytes each. It is an eighth of what
    /// a service may lock by default (RLIMIT_MEMLOCK, getrlimit(2): 8 MiB).
    package static let bytes = 1 << 20
    /// OpenSSL's own smallest block is this or larger.
    private static let smallestBlock = 32

    /// How the heap was made, so that the daemon can say so in its log.
    package enum Protection: Sendable, Equatable {
        case locked
        /// The memory could not be locked (RLIMIT_MEMLOCK); it is guarded, but may be swapped.
        case unlocked
        case unavailable
    }

    /// Maps and locks the heap, and makes the process undumpable (prctl(2), PR_SET_DUMPABLE).
    package static func start() -> Protection {
        let status = linux_make_undumpable()
        precondition(status == 0, "prctl cannot refuse PR_SET_DUMPABLE 0")
        // A second call would be told that there is a heap already, and nothing of what kind.
        if CRYPTO_secure_malloc_initialized() == 1 { return .locked }
        // CRYPTO_secure_malloc_init(3): 1 is success, 2 success without locking or guard pages.
        switch CRYPTO_secure_malloc_init(bytes, smallestBlock) {
        case 1: return .locked
        case 2: return .unlocked
        default: return .unavailable
        }
    }

    /// The rest is OpenSSL's own: its random generators live there, and a generator that finds no
    /// room gives no random bytes, which ends the process.
    private static let bytesForSecrets = bytes / 2

    static func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
        if count <= SecureBlocks.blockBytes, let block = CryptoContexts.held?.blocks.take() {
            return block
        }
        guard CRYPTO_secure_malloc_initialized() == 1, CRYPTO_secure_used() < bytesForSecrets else {
            return nil
        }
        // Of one size when it is small, so that a thread can keep it for the next.
        let size = max(count, SecureBlocks.blockBytes)
        guard let block = CRYPTO_secure_malloc(size, "SecretBytes", 0) else {
            // Full: the caller falls back on ordinary memory. OpenSSL queued an error for it.
            ERR_clear_error()
            return nil
        }
        return block
    }

    /// Takes back a block of `allocate(count)`, wiped.
    static func release(_ block: UnsafeMutableRawPointer, _ count: Int) {
        if count <= SecureBlocks.blockBytes, let blocks = CryptoContexts.held?.blocks,
            blocks.keep(block)
        {
            return
        }
        CRYPTO_secure_free(block, "SecretBytes", 0)
    }
}
