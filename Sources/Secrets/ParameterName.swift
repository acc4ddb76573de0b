// Names of OpenSSL's parameters, at addresses that last. OpenSSL keeps the address of a name, but
// Swift lends a string to a C function only for the call.

/// Each name is the text of the macro named beside it in openssl/core_names.h.
enum ParameterName {
    /// OSSL_KDF_PARAM_PASSWORD
    case password
    /// OSSL_KDF_PARAM_SALT
    case salt
    /// OSSL_KDF_PARAM_SCRYPT_N
    case scryptN
    /// OSSL_KDF_PARAM_SCRYPT_R
    case scryptR
    /// OSSL_KDF_PARAM_SCRYPT_P
    case scryptP

    private var text: StaticString {
        switch self {
        case .password: return "pass"
        case .salt: return "salt"
        case .scryptN: return "n"
        case .scryptR: return "r"
        case .scryptP: return "p"
        }
    }

    /// The name as C text. String literals live as long as the process.
    var address: UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
