// The otpauth key URI that a QR code carries (Google Authenticator's Key-Uri-Format). It holds the
// secret, so only `enroll` may reply with it.

import Secrets

package struct ProvisioningURI {
    /// Who asks for the code, as the app shows it; a site's name.
    package let issuer: String?
    /// Whose code it is, as the app shows it.
    package let label: String
    package let secret: SecretBytes
    package let parameters: CodeParameters

    /// - Precondition: neither name has a colon, which separates them; the protocol refuses it.
    package init(issuer: String?, label: String, secret: SecretBytes, parameters: CodeParameters) {
        precondition(!(issuer ?? "").utf8.contains(colon) && !label.utf8.contains(colon))
        self.issuer = issuer
        self.label = label
        self.secret = secret
        self.parameters = parameters
    }

    /// The issuer stands twice, as prefix and as parameter, because apps read one or the other.
    /// Parameters that every app assumes are left out: some apps refuse what they do not know.
    package var text: String {
        var text = "otpauth://totp/"
        if let issuer { text += Self.encode(issuer) + ":" }
        text += Self.encode(label) + "?secret=" + Base32.encode(secret)
        if let issuer { text += "&issuer=" + Self.encode(issuer) }
        let standard = CodeParameters.standard
        if parameters.algorithm != standard.algorithm {
            text += "&algorithm=\(parameters.algorithm.name)"
        }
        if parameters.digits != standard.digits { text += "&digits=\(parameters.digits)" }
        if parameters.period != standard.period { text += "&period=\(parameters.period)" }
        return text
    }

    /// Percent-encoding of all but the unreserved characters (RFC 3986 §2.3). A space is `%20`.
    private static func encode(_ text: String) -> String {
        var output: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(contentsOf: Hex.encode(CollectionOfOne(byte)).uppercased().utf8)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            return true
        default:
            return false
        }
    }
}

private let colon = UInt8(ascii: ":")
