// Shows that a token has one spelling, that what is kept says nothing of it, and that its parts are
// what they should be.

import Secrets
import Testing

@testable import Accounts

@Suite struct DeviceTokenTests {
    private let token = DeviceToken(
        series: SecretBytes([UInt8](1...8)), secret: SecretBytes([UInt8](101...132)))
    /// Python: base64.urlsafe_b64encode(bytes(range(1, 9))), and of range(101, 133).
    private static let text = "AQIDBAUGBwg.ZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5_gIGCg4Q"

    @Test func theTextIsBase64() {
        #expect(token.text == Self.text)
        #expect(token.text.utf8.count == DeviceToken.textBytes)
        #expect(DeviceToken(Self.text) == token)
    }

    /// Python: hashlib.sha256(bytes(range(1, 9))).digest()[:8], and of both parts one after the
    /// other.
    @Test func whatIsKept() {
        let proof = token.proof
        #expect(proof.id == DeviceID(rawValue: 0x6684_0dda_154e_8a11))
        #expect(proof.id.text == "ZoQN2hVOihE")
        #expect(DeviceID("ZoQN2hVOihE") == proof.id)
        #expect(Array(proof.digest.prefix(4)) == [0xad, 0x26, 0xa9, 0x80])
        #expect(proof.digest.count == 32)
        let next = token.renewed(with: SecretBytes([UInt8](1...32))).proof
        #expect(next.id == proof.id && next.digest != proof.digest)
    }

    static let others: [String] = [
        "", ".", "AQIDBAUGBwg", "AQIDBAUGBwg.", "\(text)=", "\(text).", ".\(text)", " \(text)",
        "\(text.dropLast())", "\(text.dropLast())R", "\(text.dropFirst())",
        text.replacing("_", with: "/"), text.replacing("_", with: "\u{2014}"),
    ]

    @Test(arguments: others)
    func noTokens(_ text: String) {
        #expect(DeviceToken(text) == nil)
    }

    @Test(arguments: ["", "ZoQN2hVOihF", "ZoQN2hVOih", "ZoQN2hVOihE=", "ZoQN2hVOihEA"])
    func noIDs(_ text: String) {
        #expect(DeviceID(text) == nil)
    }

    @Test("no form of a token shows it")
    func prints() {
        var printed = "\(token)" + String(reflecting: token)
        dump(token, to: &printed)
        #expect(printed.contains("<secret>"))
        #expect(!printed.contains("101, 102") && !printed.contains("ZWZn"))
    }
}
