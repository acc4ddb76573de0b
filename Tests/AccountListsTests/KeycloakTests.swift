// A realm of Keycloak with one thing changed at a time.

import Testing

@testable import AccountLists

@Suite("Keycloak")
struct KeycloakTests {
    /// As `kc.sh export --users realm_file` writes it; the bytes of the value are the key.
    private static let realm = #"""
        {"realm":"shop","enabled":true,"users":[{"id":"1","username":"ada","enabled":true,
        "credentials":[{"id":"2","type":"password","secretData":"{}","credentialData":"{}"},
        {"id":"3","type":"otp","userLabel":"phone","createdDate":1767225600000,
        "secretData":"{\"value\":\"12345678901234567890\"}",
        "credentialData":"{\"subType\":\"totp\",\"digits\":8,\#
        \"counter\":0,\"period\":60,\"algorithm\":\"HmacSHA256\"}"}
        ]},{"id":"4","username":"bob","enabled":true,"credentials":[]},
        {"id":"5","username":"cy","enabled":true}]}
        """#

    @Test("a user with an OTP credential comes in, others are no accounts")
    func comesIn() throws {
        #expect(try Rows.of(Self.realm) == ["1: ada \(Rows.secret) SHA256/8/60"])
        let base32 = Self.realm
            .replacing("12345678901234567890", with: Rows.secret)
            .replacing(#"\"counter\":0"#, with: #"\"counter\":0,\"secretEncoding\":\"BASE32\""#)
        #expect(try Rows.of(base32) == ["1: ada \(Rows.secret) SHA256/8/60"])
    }

    static let faults: [(String, String, String)] = [
        (#""username":"ada","enabled":true"#, #""username":"ada","enabled":false"#, "enabled: "),
        (#""username":"ada","enabled":true"#, #""username":"ada""#, "enabled: "),
        (#""username":"ada","#, "", "user: it is missing"),
        (
            #"{"id":"2","type":"password""#, #"{"id":"2","type":"otp""#,
            "credentials: the user has 2"
        ),
        (#""type":"otp""#, #""type":"totp""#, "type: otp is expected"),
        (#"\"totp\""#, #"\"hotp\""#, "subType: only TOTP"),
        (#"\"counter\":0"#, #"\"counter\":3"#, "counter: "),
        (#"\"counter\":0"#, #"\"counter\":0,\"t0\":5"#, "a field is unknown"),
        (#"\"period\":60,"#, "", "credentialData: its"),
        (#"\"digits\":8"#, #"\"digits\":\"8\""#, "digits: a number"),
        (#"\"digits\":8"#, #"\"digits\":9"#, "digits: a whole number"),
        (#"HmacSHA256"#, "HmacMD5", "algorithm: "), (#"{\"value"#, #"{\"x"#, "there is no field"),
        (#""{\"value\":\"12345678901234567890\"}""#, #""12""#, "an object is expected"),
        (#""{\"value\":\"12345678901234567890\"}""#, #""{""#, "secretData: an object"),
        (#"12345678901234567890"#, "123", "secret: it has 3 bytes"),
        (#"\"counter\":0"#, #"\"counter\":0,\"secretEncoding\":\"HEX\""#, "secretEncoding: "),
    ]

    @Test("what is wrong, and with what", arguments: faults)
    func isWrong(_ old: String, _ new: String, _ fault: String) throws {
        #expect(Self.realm.contains(old))
        let found = try Rows.fault(Self.realm.replacing(old, with: new))
        #expect(found?.hasPrefix(fault) == true, "\(found ?? "in")")
        #expect(found?.contains("1234567890") != true)
    }
}
