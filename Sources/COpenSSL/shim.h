// OpenSSL 3's libcrypto (Debian's libssl-dev), only the parts the module Secrets calls. Macros that
// expand to function calls with __FILE__ (OPENSSL_secure_malloc) are called through the functions
// behind them.

// For SHA1_Update and its kin (sha.h). OpenSSL 3 discourages them because they pass its providers
// by, which is why they are here: the provider's way to one block of SHA-1 costs five times the
// block, and HMAC needs eight blocks for a TOTP code. The code that hashes is the same assembly.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
