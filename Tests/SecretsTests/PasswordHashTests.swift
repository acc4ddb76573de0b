// Shows that the slow hash is scrypt over HMAC-SHA-256, against values of another implementation.

import Testing

@testable import Secrets

@Suite struct PasswordHashTests {
    /// Python 3.11: hashlib.scrypt(hmac.new(key, password, hashlib.sha256).digest(), salt=salt,
    /// n=4096, r=8, p=1, dklen=16).
    @Test(
        arguments: [
            ("0123456789abc", Array(0..<32), Array(0..<16), "f1410a5ef5109aaa99b8ce08012999af"),
            (
                "zzzzzzzzzzzzz", repeated(0xff, 32), repeated(0, 16),
                "7a078007b11e4dfbb7b0cb6442f43058"
            ),
            ("", [1], Array("salt".utf8), "b95ad4f98d0090fa12a7339eb606c4f7"),
        ] as [(String, [UInt8], [UInt8], String)])
    func equalsAnotherImplementation(
        _ password: String, _ key: [UInt8], _ salt: [UInt8], _ expected: String
    ) {
        #expect(hexadecimal(hash(password, key, salt)) == expected)
    }

    @Test func everythingCounts() {
        let (key, salt) = (repeated(1, 32), repeated(2, 16))
        let base = hash("0123456789abc", key, salt)
        #expect(base.count == PasswordHash.bytes)
        #expect(hash("0123456789abc", key, salt) == base)
        #expect(hash("0123456789abd", key, salt) != base)
        #expect(hash("0123456789abc", repeated(3, 32), salt) != base)
        #expect(hash("0123456789abc", key, repeated(3, 16)) != base)
    }

    @Test("data keys hash backup codes under their own key")
    func underDataKeys() {
        let (first, second) = (DataKeys.generate(), DataKeys.generate())
        let salt = repeated(2, 16)
        let code = Array("0123456789abc".utf8)
        let hash = code.withBytes { first.hashBackupCode($0, salt: salt) }
        let plain = code.withBytes {
            PasswordHash.hash($0, key: first.backupCode, salt: salt)
        }
        #expect(hash == plain)
        #expect(code.withBytes { second.hashBackupCode($0, salt: salt) } != hash)
    }

    private func hash(_ password: String, _ key: [UInt8], _ salt: [UInt8]) -> [UInt8] {
        Array(password.utf8).withBytes {
            PasswordHash.hash($0, key: SecretBytes(key), salt: salt)
        }
    }
}
