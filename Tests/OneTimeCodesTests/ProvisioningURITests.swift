// Shows the key URI as authenticator apps read it, letter by letter.

import Foundation
import Secrets
import Testing

@testable import OneTimeCodes

@Suite struct ProvisioningURITests {
    /// "Hello!" and four bytes, the example of the format's own page, without its padding.
    static let secret = SecretBytes(Array("Hello!".utf8) + [0xde, 0xad, 0xbe, 0xef])
    static let encoded = "JBSWY3DPEHPK3PXP"

    @Test(
        "names, percent-encoded",
        arguments: [
            ("Example", "alice@example.com", "Example:alice%40example.com", "Example"),
            ("ACME Co", "john doe", "ACME%20Co:john%20doe", "ACME%20Co"),
            ("A&B", "a=b&c", "A%26B:a%3Db%26c", "A%26B"),
            ("What?", "who#1", "What%3F:who%231", "What%3F"),
            ("100%", "50%20", "100%25:50%2520", "100%25"),
            ("a+b", "a+b", "a%2Bb:a%2Bb", "a%2Bb"),
            ("Müller", "é€😀", "M%C3%BCller:%C3%A9%E2%82%AC%F0%9F%98%80", "M%C3%BCller"),
            ("a/b", "\"<>\\^`{|}", "a%2Fb:%22%3C%3E%5C%5E%60%7B%7C%7D", "a%2Fb"),
            ("-._~", "AZaz09", "-._~:AZaz09", "-._~"),
            (
                "!*'();@$,[]", "x", "%21%2A%27%28%29%3B%40%24%2C%5B%5D:x",
                "%21%2A%27%28%29%3B%40%24%2C%5B%5D"
            ),
        ])
    func names(_ issuer: String, _ label: String, _ path: String, _ parameter: String) {
        let text = uri(issuer, label)
        #expect(
            text == "otpauth://totp/\(path)?secret=\(Self.encoded)&issuer=\(parameter)")
        #expect(!text.contains("+"))
    }

    @Test func withoutIssuer() {
        #expect(uri(nil, "alice") == "otpauth://totp/alice?secret=\(Self.encoded)")
    }

    @Test(
        "only what is not standard is said",
        arguments: [
            (.sha1, 6, 30, ""), (.sha256, 6, 30, "&algorithm=SHA256"),
            (.sha512, 6, 30, "&algorithm=SHA512"), (.sha1, 7, 30, "&digits=7"),
            (.sha1, 8, 30, "&digits=8"), (.sha1, 6, 60, "&period=60"), (.sha1, 6, 15, "&period=15"),
            (.sha512, 8, 60, "&algorithm=SHA512&digits=8&period=60"),
        ] as [(CodeAlgorithm, Int, Int, String)])
    func parameters(
        _ algorithm: CodeAlgorithm, _ digits: Int, _ period: Int, _ expected: String
    ) throws {
        let parameters = try VectorTests.parameters(algorithm, digits, period)
        let text = uri("Shop", "alice", parameters)
        let head = "otpauth://totp/Shop:alice?secret=\(Self.encoded)&issuer=Shop"
        #expect(text == head + expected)
    }

    @Test("another reader finds what was put in")
    func readBack() throws {
        let components = try #require(URLComponents(string: uri("A&B ?#% é", "j=d+x")))
        #expect(components.scheme == "otpauth")
        #expect(components.host == "totp")
        #expect(components.path == "/A&B ?#% é:j=d+x")
        let items = try #require(components.queryItems)
        #expect(items.map(\.name) == ["secret", "issuer"])
        #expect(items.map(\.value) == [Self.encoded, "A&B ?#% é"])
    }

    @Test("the secret has no padding at any length")
    func padding() {
        for count in 16...64 {
            let secret = SecretBytes([UInt8](repeating: 0xff, count: count))
            let text = ProvisioningURI(
                issuer: nil, label: "a", secret: secret, parameters: .standard
            ).text
            #expect(text.split(separator: "=").count == 2)
            #expect(!text.hasSuffix("="))
        }
    }

    private func uri(
        _ issuer: String?, _ label: String, _ parameters: CodeParameters = .standard
    ) -> String {
        ProvisioningURI(
            issuer: issuer, label: label, secret: Self.secret, parameters: parameters
        ).text
    }
}
