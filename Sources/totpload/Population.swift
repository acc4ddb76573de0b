// The accounts of a load test: their names, secrets and codes, all made from a seed. Anybody can
// make these secrets: do not use them for a real account.

import OneTimeCodes
import Secrets

struct Population {
    /// Names end in a number of this many digits, so that all lines of a kind have one width.
    static let numberDigits = 8
    static let accountsMax = 100_000_000
    static let prefixBytesMax = 64

    let prefix: String
    let count: Int
    /// All accounts, shuffled: people do not log in by the alphabet, and neighbours would share
    /// pages of the store.
    let order: [UInt32]
    private let key: SecretBytes

    init(prefix: String, count: Int, seed: UInt64) throws(LoadError) {
        guard (1...Self.accountsMax).contains(count) else {
            throw .malformed(option: "--accounts", rule: "is from 1 to \(Self.accountsMax)")
        }
        let isPlain = prefix.utf8.allSatisfy(Self.isPlain)
        guard isPlain, (1...Self.prefixBytesMax).contains(prefix.utf8.count) else {
            let rule = "is 1 to \(Self.prefixBytesMax) of A-Z a-z 0-9 . _ -"
            throw .malformed(option: "--prefix", rule: rule)
        }
        var generator = SplitMix(seed: seed)
        self.prefix = prefix
        self.count = count
        self.order = (0..<UInt32(count)).shuffled(using: &generator)
        self.key = SecretBytes("totpload \(seed)".utf8)
    }

    /// Twenty bytes, as long as the hash of the standard parameters.
    func secret(of account: Int) -> SecretBytes {
        let index = UInt64(account).bigEndian
        let digest = withUnsafeBytes(of: index) { HMAC.sha256(key: key, $0) }
        return SecretBytes(digest[..<CodeParameters.standard.algorithm.secretBytes])
    }

    func code(of account: Int, step: Int64) -> UInt32 {
        TOTP.code(secret: secret(of: account), step: step, parameters: .standard).value
    }

    static func step(at seconds: Int64) -> Int64 {
        TOTP.step(at: seconds, period: CodeParameters.standard.period)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            return true
        default:
            return false
        }
    }
}
