// OpenSSL 3's libcrypto (Debian's libssl-dev), only the parts the module Secrets calls. Macros that
// expand to function calls with __FILE__ (OPENSSL_secure_malloc) are called through the functions
// behind them.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
