// What each format accepts, and what it refuses.

import Foundation
import OneTimeCodes
import Testing

@testable import AccountLists

private func rows(_ text: String, _ format: ListFormat? = nil) throws -> [String] {
    try Rows.of(text, format).map { $0.replacingOccurrences(of: ": wrong: ", with: ": ") }
}

private let noBackupCodes =
    "1 to 10 different backup codes as totpd makes them are expected"
private let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

@Suite("Lists of accounts")
struct ListTests {
    @Test("key URIs, with the user in front or in the label")
    func keyURIs() throws {
        let spaced = "gezd%20gnbv%20gy3t%20qojq%20gezd%20gnbv%20gy3t%20qojq"
        let others = "algorithm=SHA256&digits=8&period=60"
        let text = """
            # from the old server
            otpauth://totp/Example:ada?secret=\(secret)&issuer=Example
            42 otpauth://totp/Example%20Shop:ada%40example.org?secret=\(spaced)&\(others)

            otpauth://totp/bob?secret=\(secret.lowercased())

            """
        #expect(
            try rows(text) == [
                "2: ada \(secret) SHA1/6/30", "3: 42 \(secret) SHA256/8/60",
                "5: bob \(secret) SHA1/6/30",
            ])
    }

    @Test("key URIs that must not come in")
    func wrongKeyURIs() throws {
        let text = """
            otpauth://hotp/ada?secret=\(secret)&counter=1
            otpauth://totp/ada?secret=GEZDGNBVGY
            otpauth://totp/ada?issuer=Example
            otpauth://totp/ada?secret=\(secret)&digits=5
            otpauth://totp/ada?secret=\(secret)&algorithm=MD5
            otpauth://totp/?secret=\(secret)
            otpauth-migration://offline?data=CjEKCkhello
            ada \(secret)
            """
        #expect(
            try rows(text, .otpauth).map { $0.prefix { $0 != "," } } == [
                "1: only TOTP is supported",
                "2: secret: it has 6 bytes", "3: secret: it is missing",
                "4: digits: a whole number from 6 to 8 is expected",
                "5: algorithm: SHA1", "6: user: it is missing",
                "7: the data of the link is not base64",
                "8: an otpauth:// link is expected",
            ])
    }

    @Test("CSV, whatever the order of its columns, quotes and line ends")
    func csv() throws {
        let text =
            "secret,user,last_step,app\r\n"
            + "\(secret),\"O'Hara, \"\"ada\"\"\",58907520,shop\r\n\r\n\(secret),bob,,\r\n"
        #expect(
            try rows(text) == [
                "2: O'Hara, \"ada\" \(secret) SHA1/6/30 58907520 shop",
                "4: bob \(secret) SHA1/6/30",
            ])
        #expect(
            try rows("user,secret_hex\nada,3132333435363738393031323334353637383930\nbob,31\n")
                == [
                    "2: ada \(secret) SHA1/6/30",
                    "3: secret: it has 1 byte, and 16 to 128 are expected: RFC 4226 requires 128 "
                        + "bits, so its owner has to enrol again",
                ])
    }

    @Test("CSV with a column that nobody knows, or a row of another length")
    func wrongCSV() throws {
        #expect(throws: ListFault.self) { try rows("user,sekret\nada,\(secret)\n") }
        #expect(throws: ListFault.self) { try rows("user,user,secret\nada,bob,\(secret)\n") }
        #expect(throws: ListFault.self) { try rows("user,secret\nada,\"\(secret)\nbob,x\n") }
        #expect(throws: ListFault.self) { try rows("user,secret\nada,\"\(secret)\"x\n") }
        #expect(
            try rows("user,secret\nada\nbob,\(secret)\ncy,\(secret),\n").map { $0.prefix(8) }
                == ["2: 1 cel", "3: the r", "4: 3 cel"])
        for empty in ["", "user,secret\n", "\n\n", "# nothing\n", "\u{a0}", "user,secret\n,\n"] {
            #expect(throws: ListFault.noRow, "\(empty)") { try rows(empty) }
        }
    }

    @Test("NDJSON, as the daemon exports it")
    func ndjson() throws {
        let parameters = #""algorithm":"SHA512","digits":7,"period":15"#
        let text = """
            {"user":"ada","secret":"\(secret)","last_step":3,"app":"shop",\(parameters)}
            {"op":"import","user":"bob","secret":"\(secret)"}
            {"user":"cy","secret":"\(secret)","atempt":1}
            {"user":"di","secret":7}
            {"op":"reset","user":"ed","secret":"\(secret)"}
            {"user":"fay","secret":"\(secret)"
            {"user":"gil","secret":"\(secret)","backup_codes":["0123-4567-89abc","zzzz zzzz zzzzz"]}
            {"user":"hal","secret":"\(secret)","backup_codes":["0123-4567-89abc","O123456789ABC"]}
            {"user":"ivy","secret":"\(secret)","backup_codes":["12345678"]}
            {"user":"jon","secret":"\(secret)","backup_codes":[]}
            """
        #expect(
            try rows(text) == [
                "1: ada \(secret) SHA512/7/15 3 shop", "2: bob \(secret) SHA1/6/30",
                "3: there is no field 'atempt' here", "4: secret: a string is expected",
                "5: op: only import is expected",
                "6: the text ends before the object does at byte 57",
                "7: gil \(secret) SHA1/6/30 0123-4567-89abc zzzz-zzzz-zzzzz",
            ] + (8...10).map { "\($0): backup_codes: \(noBackupCodes)" })
    }

    @Test("PSKC with plain values")
    func pskc() throws {
        #expect(
            try rows(pskcFile) == [
                "1: ada \(secret) SHA256/8/60", "2: 987654321 \(secret) SHA1/6/30",
                "3: Secret: it is encrypted; write the file with plain values, to a file "
                    + "system in memory",
                "4: Algorithm: only TOTP keys are supported",
            ])
        #expect(throws: ListFault.self) { try rows("<a><b></a>", .pskc) }
        #expect(throws: ListFault.self) { try rows("<html></html>", .pskc) }
    }

    @Test("users and apps are as the protocol wants them")
    func names() throws {
        let long = String(repeating: "x", count: 257)
        let text = "user,secret,app\n\(long),\(secret),\nada\u{1},\(secret),\nada,\(secret),Shop!\n"
        #expect(
            try rows(text).map { $0.prefix(14) }
                == ["2: user: 1 to ", "3: user: 1 to ", "4: app: letter"])
    }

    @Test("no row's account can be printed")
    func silent() throws {
        try AccountList.read("ada otpauth://totp/x?secret=\(secret)", as: .otpauth, at: Rows.now) {
            row in
            #expect(!"\(row)".contains(secret))
            #expect(!String(reflecting: row).contains(secret))
        }
    }

    private let pskcFile = """
        <?xml version="1.0"?>
        <pskc:KeyContainer Version="1.0" xmlns:pskc="urn:ietf:params:xml:ns:keyprov:pskc">
          <pskc:KeyPackage>
            <pskc:Key Id="12345678" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp">
              <pskc:Issuer>Example</pskc:Issuer>
              <pskc:AlgorithmParameters>
                <pskc:Suite>HMAC-SHA256</pskc:Suite>
                <pskc:ResponseFormat Length="8" Encoding="DECIMAL"/>
              </pskc:AlgorithmParameters>
              <pskc:Data>
                <pskc:Secret>
                  <pskc:PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</pskc:PlainValue>
                </pskc:Secret>
                <pskc:Time><pskc:PlainValue>0</pskc:PlainValue></pskc:Time>
                <pskc:TimeInterval><pskc:PlainValue>60</pskc:PlainValue></pskc:TimeInterval>
              </pskc:Data>
              <pskc:UserId>CN=ada, O=Example</pskc:UserId>
            </pskc:Key>
          </pskc:KeyPackage>
          <pskc:KeyPackage>
            <pskc:Key Id="987654321" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp">
              <pskc:AlgorithmParameters>
                <pskc:ResponseFormat Length="6" Encoding="DECIMAL"/>
              </pskc:AlgorithmParameters>
              <pskc:Data>
                <pskc:Secret><pskc:PlainValue>
                  MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=
                </pskc:PlainValue></pskc:Secret>
                <pskc:Time><pskc:PlainValue>0</pskc:PlainValue></pskc:Time>
                <pskc:TimeInterval><pskc:PlainValue>30</pskc:PlainValue></pskc:TimeInterval>
              </pskc:Data>
            </pskc:Key>
          </pskc:KeyPackage>
          <pskc:KeyPackage>
            <pskc:Key Id="3" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp">
              <pskc:AlgorithmParameters>
                <pskc:ResponseFormat Length="6" Encoding="DECIMAL"/>
              </pskc:AlgorithmParameters>
              <pskc:Data>
                <pskc:Secret><pskc:EncryptedValue>x</pskc:EncryptedValue></pskc:Secret>
              </pskc:Data>
            </pskc:Key>
          </pskc:KeyPackage>
          <pskc:KeyPackage>
            <pskc:Key Id="4" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:hotp">
              <pskc:Data><pskc:Secret>
                  <pskc:PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</pskc:PlainValue>
                </pskc:Secret></pskc:Data>
            </pskc:Key>
          </pskc:KeyPackage>
        </pskc:KeyContainer>
        """
}
