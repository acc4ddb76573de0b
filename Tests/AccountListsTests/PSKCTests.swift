// PSKC with one thing changed at a time: what a token vendor may write, and which keys would not
// work.

import Accounts
import Testing

@testable import AccountLists

@Suite("PSKC")
struct PSKCTests {
    private static let urn = "urn:ietf:params:xml:ns:keyprov:pskc"
    private static let plain = """
        <KeyContainer Version="1.0" xmlns="\(urn)"><KeyPackage>\
        <DeviceInfo><Manufacturer>oath.QQ</Manufacturer><SerialNo>QX-1</SerialNo></DeviceInfo>\
        <Key Id="QX-1" Algorithm="\(urn):totp"><Issuer>Example</Issuer>\
        <AlgorithmParameters><ResponseFormat Length="6" Encoding="DECIMAL"/></AlgorithmParameters>\
        <Data><Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret>\
        <Time><PlainValue>0</PlainValue></Time>\
        <TimeInterval><PlainValue>30</PlainValue></TimeInterval></Data>\
        <UserId>CN=ada</UserId><Policy></Policy></Key></KeyPackage></KeyContainer>
        """

    private static func changed(_ old: String, _ new: String) -> String {
        #expect(plain.contains(old))
        return plain.replacing(old, with: new)
    }

    /// What is replaced by what, and what then stands in the row.
    static let changes: [(String, String, String)] = [
        ("0</PlainValue></Time>", " 0\n</PlainValue></Time>", "ada"),
        ("<Time>", "<Counter><PlainValue>0</PlainValue></Counter><Time>", "ada"),
        ("</Data>", "<TimeDrift><PlainValue>0</PlainValue></TimeDrift></Data>", "ada"),
        ("<Policy>", "<Policy><KeyUsage>OTP</KeyUsage><KeyUsage>CR</KeyUsage>", "ada"),
        ("<Policy>", "<Policy><PINPolicy PINUsageMode=\"Local\"/>", "ada"),
        ("<Policy>", "<Policy><ExpiryDate>2099-01-01T00:00:00Z</ExpiryDate>", "ada"),
        ("Length=\"6\"", "Length=\"8\" CheckDigits=\"false\"", "ada"),
        ("<Issuer>Example", "<FriendlyName xml:lang=\"en\">a</FriendlyName><Issuer>x", "ada"),
        ("<Issuer>", "<!-- made in 2026 --><Issuer>", "ada"),
        ("<Policy></Policy>", "<Policy xml:lang=\"en\"> </Policy>", "ada"),
        ("<Policy>", "<Policy><PINPolicy PINUsageMode=\"Local\" MinLength=\"4\"/>", "ada"),
        ("</DeviceInfo>", "</DeviceInfo><CryptoModuleInfo><Id>1</Id></CryptoModuleInfo>", "ada"),
        (
            "Version=\"1.0\"",
            "Version=\"1.0\" Id=\"K\" xmlns:xsi=\"urn:xsi\" xsi:schemaLocation=\"a b\"", "ada"
        ),
        ("CN=ada", "<![CDATA[CN=ada]]>", "ada"), ("CN=ada", "&#65;da", "Ada"),
        ("CN=ada", "ada", "ada"), ("CN=ada", " cn = ada , o=x ", "ada"),
        ("CN=ada", "UID=42,OU=people", "42"), ("CN=ada", "CN=Lovelace\\, Ada,O=x", "Lovelace, Ada"),
        ("CN=ada", "CN=J\\C3\\BCrgen", "Jürgen"), ("<UserId>CN=ada</UserId>", "", "QX-1"),
        ("</SerialNo>", "</SerialNo><UserId>ada</UserId>", "ada"),
        ("MTIzNDU2", "MTIz\n  NDU2\t", "ada"),
        (
            "<Policy>", "<Policy><ExpiryDate>2017-01-01T00:00:00+02:00</ExpiryDate>",
            "ada; its time of use ended 2016-12-31"
        ),
        (
            "<Policy>", "<Policy><StartDate>2099-01-01T00:00:00</StartDate>",
            "ada; its time of use begins 2099-01-01"
        ),
        (
            "</SerialNo>", "</SerialNo><ExpiryDate>2017-01-01T00:00:00Z</ExpiryDate>",
            "ada; its time of use ended 2017-01-01"
        ),
    ]

    @Test("what comes in", arguments: changes)
    func comesIn(_ old: String, _ new: String, _ right: String) throws {
        var found = ""
        try AccountList.read(Self.changed(old, new), as: .pskc, at: Rows.now) { row in
            let account = try row.account.get()
            #expect(account.secret == Rows.secret)
            found = ([account.user] + account.warnings).joined(separator: "; ")
        }
        #expect(found == right)
    }

    static let faults: [(String, String, String)] = [
        (":totp", ":hotp", "Algorithm"), (":totp", ":totp2", "Algorithm"),
        (":totp", "", "Algorithm"),
        // An element, a text, an attribute or a comment where it has no place.
        ("CN=ada", "CN=a<b>d</b>a", "UserId"), ("CN=ada", "CN=ada<b/>", "UserId"),
        ("CN=ada", "CN=a<!-- -->da", "UserId"),
        ("<UserId>", "<UserId kind=\"serial\">", "UserId"),
        (">30<", ">3<b/>0<", "PlainValue"), (">30<", ">3<b>0</b><", "PlainValue"),
        ("<TimeInterval>", "<TimeInterval>1", "TimeInterval"),
        ("<TimeInterval>", "<TimeInterval unit=\"ms\">", "TimeInterval"),
        ("<TimeInterval><PlainValue>", "<TimeInterval><PlainValue u=\"ms\">", "PlainValue"),
        ("<PlainValue>MTIz", "<PlainValue><b>MTIz</b>", "PlainValue"),
        ("<PlainValue>MTIz", "<PlainValue enc=\"hex\">MTIz", "PlainValue"),
        ("<Data>", "<Data>x", "Data"), ("<Data>", "<Data kind=\"x\">", "Data"),
        ("<Policy>", "<Policy>x", "Policy"), ("<Policy>", "<Policy a=\"b\">", "Policy"),
        ("<Policy>", "<Policy><KeyUsage>OT<b>P</b></KeyUsage>", "KeyUsage"),
        ("<Policy>", "<Policy><KeyUsage>OTP</KeyUsage><KeyUsage>Spy</KeyUsage>", "KeyUsage"),
        ("<Policy>", "<Policy><PINPolicy PINUsageMode=\"Local\" X=\"1\"/>", "PINPolicy"),
        ("<Policy>", "<Policy><PINPolicy PINUsageMode=\"Local\">x</PINPolicy>", "PINPolicy"),
        ("<Issuer>", "<Issuer><b/>", "Issuer"), ("<Issuer>", "x<Issuer>", "Key"),
        ("QX-1</SerialNo>", "QX<b/>-1</SerialNo>", "SerialNo"),
        ("<DeviceInfo>", "<DeviceInfo>x", "DeviceInfo"),
        ("</SerialNo>", "</SerialNo><Extensions/>", "DeviceInfo"),
        ("<KeyPackage>", "<KeyPackage>x", "KeyPackage"),
        ("<KeyPackage>", "<KeyPackage Id=\"1\">", "KeyPackage"),
        ("</DeviceInfo>", "</DeviceInfo><Extensions/>", "KeyPackage"),
        ("Encoding=\"DECIMAL\"/>", "Encoding=\"DECIMAL\">x</ResponseFormat>", "ResponseFormat"),
        (" Encoding=\"DECIMAL\"", "", "ResponseFormat"),
        ("<ResponseFormat Length=\"6\" Encoding=\"DECIMAL\"/>", "", "ResponseFormat"),
        ("<ResponseFormat", "<Suite></Suite><ResponseFormat", "Suite"),
        ("<ResponseFormat", "<Suite>HMAC<b/></Suite><ResponseFormat", "Suite"),
        ("<TimeInterval><PlainValue>30</PlainValue></TimeInterval>", "", "TimeInterval"),
        (">30<", "><", "TimeInterval"), (">30<", ">\u{a0}30<", "period"),
        ("CN=ada", "ada\u{a0}", "user"), ("MTIzNDU2", "MTIz\u{a0}NDU2", "Secret"),
        ("<Key Id", "<Key Extra=\"1\" Id", "Key"), ("DECIMAL", "HEXADECIMAL", "ResponseFormat"),
        ("DECIMAL", "ALPHANUMERIC", "ResponseFormat"), (" Length=\"6\"", "", "ResponseFormat"),
        ("Length=\"6\"", "Length=\"06\"", "digits"), ("Length=\"6\"", "Length=\"10\"", "digits"),
        ("Length=\"6\"", "Length=\"6\" CheckDigits=\"1\"", "ResponseFormat"),
        ("Length=\"6\"", "Length=\"6\" Truncate=\"4\"", "ResponseFormat"),
        ("<ResponseFormat", "<ChallengeFormat/><ResponseFormat", "AlgorithmParameters"),
        ("<ResponseFormat", "<Suite>HMAC-MD5</Suite><ResponseFormat", "algorithm"),
        ("<ResponseFormat", "<Suite>OCRA-1</Suite><ResponseFormat", "algorithm"),
        ("<Time>", "<Counter><PlainValue>7</PlainValue></Counter><Time>", "Counter"),
        ("</Data>", "<TimeDrift><PlainValue>-4</PlainValue></TimeDrift></Data>", "TimeDrift"),
        ("</Data>", "<TimeDrift><PlainValue>x</PlainValue></TimeDrift></Data>", "TimeDrift"),
        ("</Data>", "<Secret><PlainValue>x</PlainValue></Secret></Data>", "Secret"),
        ("</Data>", "<Pin><PlainValue>1</PlainValue></Pin></Data>", "Data"),
        (">0</PlainValue></Time>", ">-1</PlainValue></Time>", "Time"),
        (">0</PlainValue></Time>", ">1.5</PlainValue></Time>", "Time"),
        (">0</PlainValue></Time>", "></PlainValue></Time>", "Time"),
        (">0</PlainValue></Time>", ">1764489600</PlainValue></Time>", "Time"),
        (">0</PlainValue></Time>", ">99999999999999999999</PlainValue></Time>", "Time"),
        ("<PlainValue>0</PlainValue></Time>", "</Time>", "Time"),
        ("<PlainValue>0</PlainValue></Time>", "<EncryptedValue/></Time>", "Time"),
        (">30<", ">30000<", "period"), (">30<", ">0<", "period"),
        (">0</PlainValue></Time>", ">100</PlainValue></Time>", "Time"),
        (">0</PlainValue></Time>", ">00</PlainValue></Time>", "Time"),
        (">0</PlainValue></Time>", "> </PlainValue></Time>", "Time"),
        (">0</PlainValue></Time>", ">1 0</PlainValue></Time>", "Time"),
        (
            "<PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue>", "<EncryptedValue/>", "Secret"
        ),
        // Bits behind the last byte that are not zero.
        ("OTA=</PlainValue>", "OTB=</PlainValue>", "Secret"),
        ("OTA=</PlainValue>", "OTA==</PlainValue>", "Secret"),
        ("MDEyMzQ1Njc4OTA=", "MDEyMzR=", "Secret"), ("MTIzNDU2", "MTIz=NDU2", "Secret"),
        ("MDEyMzQ1Njc4OTA=", "MDEyMzQ=", "secret"),
        ("MTIzNDU2", "MTIz!NDU", "Secret"), ("OTA=</PlainValue>", "OTA</PlainValue>", "Secret"),
        ("OTA=</PlainValue>", "OTA=</PlainValue><ValueMAC>x</ValueMAC>", "Secret"),
        ("<PlainValue>MTIz", "<PlainValue>x</PlainValue><PlainValue>MTIz", "PlainValue"),
        ("<Policy>", "<Policy><KeyUsage>Encrypt</KeyUsage>", "KeyUsage"),
        ("<Policy>", "<Policy><PINPolicy PINUsageMode=\"Prepend\"/>", "PINPolicy"),
        ("<Policy>", "<Policy><PINPolicy PINUsageMode=\"Algorithmic\"/>", "PINPolicy"),
        ("<Policy>", "<Policy><PINPolicy/>", "PINPolicy"),
        ("<Policy>", "<Policy><NumberOfTransactions>5</NumberOfTransactions>", "Policy"),
        ("<Policy>", "<Policy><ExpiryDate>soon</ExpiryDate>", "ExpiryDate"),
        ("<Policy>", "<Policy><ExpiryDate>2017-13-01T00:00:00Z</ExpiryDate>", "ExpiryDate"),
        ("CN=ada", "CN=ada,CN=bob", "UserId"), ("CN=ada", "CN=ada+UID=42", "UserId"),
        ("CN=ada", "O=Example", "UserId"), ("CN=ada", "CN=\"ada\"", "UserId"),
        ("CN=ada", "ada=", "UserId"), ("CN=ada", "CN=#0403", "UserId"),
        ("CN=ada", "CN=ada\\", "UserId"),
        ("CN=ada", "CN=", "user"), ("CN=ada", "ada,", "user"), ("CN=ada", "NULL", "user"),
        ("</SerialNo>", "</SerialNo><UserId>bob</UserId>", "UserId"),
        ("</UserId>", "</UserId><UserId>bob</UserId>", "UserId"),
        ("</Key>", "<Extensions><x/></Extensions></Key>", "Key"),
        ("</Key>", "</Key><Key Id=\"2\"/>", "Key"),
        ("<Issuer>", "<KeyProfileId>p</KeyProfileId><Issuer>", "Key"),
        ("<Issuer>", "<x:UserId xmlns:x=\"urn:x\">eve</x:UserId><Issuer>", "Key"),
    ]

    @Test("what is wrong, and with what", arguments: faults)
    func isWrong(_ old: String, _ new: String, _ field: String) throws {
        let fault = try Rows.fault(Self.changed(old, new))
        #expect(fault?.hasPrefix(field + ": ") == true, "\(fault ?? "in")")
    }

    @Test("an element with no place is named, unless it could be a secret")
    func naming() throws {
        for (name, isShown) in [("NumberOfTransactions", true), ("GEZDGNBVGY3TQOJQ", false)] {
            let fault = try Rows.fault(Self.changed("<Policy>", "<Policy><\(name)/>"))
            #expect(fault?.contains("'\(name)'") == isShown, "\(fault ?? "in")")
        }
    }

    static let refused: [(String, String)] = [
        ("<KeyContainer", "<!DOCTYPE x><KeyContainer"), ("<Issuer>", "<!ENTITY a \"b\"><Issuer>"),
        // Foundation's parser does not survive the first.
        ("<Issuer>", "<?x?><Issuer>"), ("CN=ada", "CN=a<?x y?>da"),
        ("<KeyContainer", "<?xml-stylesheet href=\"x\"?><KeyContainer"),
        ("CN=ada", "&name;"), ("Version=\"1.0\"", "Version=\"2.0\""),
        ("Version=\"1.0\" ", ""), ("Version=\"1.0\"", "Version=\"1.0\" Kind=\"x\""),
        ("<KeyPackage>", "x<KeyPackage>"), ("</KeyContainer>", "x</KeyContainer>"),
        ("</KeyContainer>", "<KeyPackages/></KeyContainer>"),
        ("\(urn)\">", "\(urn):1.0\">"),
        (" xmlns=\"\(urn)\"", ""), ("</KeyContainer>", "<Signature/></KeyContainer>"),
        ("</KeyContainer>", "<Extensions/></KeyContainer>"), ("</KeyContainer>", ""),
        ("<KeyPackage>", "<EncryptionKey/><KeyPackage>"),
        ("<KeyPackage>", "<EncryptionKey> </EncryptionKey><KeyPackage>"),
        ("<KeyPackage>", "<MACMethod/><KeyPackage>"),
        ("CN=ada", String(repeating: "<a>", count: 40)),
    ]

    @Test("what is refused as a whole", arguments: refused)
    func isRefused(_ old: String, _ new: String) throws {
        #expect(throws: ListFault.self) { try Rows.of(Self.changed(old, new), .pskc) }
    }

    @Test("a container without keys is no list, and one of many keeps its number")
    func numbers() throws {
        let empty = "<KeyContainer Version=\"1.0\" xmlns=\"\(Self.urn)\"></KeyContainer>"
        #expect(throws: ListFault.noRow) { try Rows.of(empty) }
        let two = Self.changed("<KeyPackage>", "<KeyPackage></KeyPackage><KeyPackage>")
        #expect(
            try Rows.of(two).map { $0.prefix(14) } == [
                "1: wrong: the ", "2: ada \(Rows.secret.prefix(7))",
            ])
    }

    @Test("entities are not expanded: a bomb is refused before it is lit")
    func bomb() throws {
        let levels = (1...30).map { "<!ENTITY a\($0) \"&a\($0 - 1);&a\($0 - 1);\">" }.joined()
        let text = "<!DOCTYPE k [<!ENTITY a0 \"x\">\(levels)]>" + Self.changed("CN=ada", "&a30;")
        #expect(throws: ListFault.self) { try Rows.of(text, .pskc) }
        #expect(throws: ListFault.self) { try Rows.of("<?xml version=\"1.0\"?>\n" + text) }
    }
}
