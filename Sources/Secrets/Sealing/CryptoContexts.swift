// OpenSSL's working contexts, fetched once for each thread and kept, because fetching one costs
// more than using it. A context keeps a key from one use to the next.

import COpenSSL
import Glibc

/// One thread's contexts. Only the thread that asked `current` for them may use them.
final class CryptoContexts {
    /// Keyed with the derived key of `run`.
    let encryption = require(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new")
    var run = SealingRun()
    let opening = OpeningContexts()
    /// AES-256 on single blocks, for key derivation; keyed with the key it was last used with.
    let block = require(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new")
    var blockKey: SecretBytes?
    let blocks = SecureBlocks()

    private init() {
        require(EVP_EncryptInit_ex(encryption, FetchedAlgorithms.gcm, nil, nil, nil), "AES-256-GCM")
        require(EVP_EncryptInit_ex(block, FetchedAlgorithms.ecb, nil, nil, nil), "AES-256-ECB")
        require(EVP_CIPHER_CTX_set_padding(block, 0), "AES-256-ECB without padding")
    }

    deinit {
        for context in [encryption, block] { EVP_CIPHER_CTX_free(context) }
    }

    private static let threadKey: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key) { held in
            guard let held else { return }
            Unmanaged<CryptoContexts>.fromOpaque(held).release()
        }
        precondition(status == 0, "no thread key is left: pthread_key_create failed")
        return key
    }()

    /// This thread's, if it has any yet. A thread that ends has none any more.
    static var held: CryptoContexts? {
        pthread_getspecific(threadKey).map {
            Unmanaged<CryptoContexts>.fromOpaque($0).takeUnretainedValue()
        }
    }

    static var current: CryptoContexts {
        if let held { return held }
        let made = CryptoContexts()
        let status = pthread_setspecific(threadKey, Unmanaged.passRetained(made).toOpaque())
        precondition(status == 0, "out of memory: pthread_setspecific failed")
        return made
    }
}
