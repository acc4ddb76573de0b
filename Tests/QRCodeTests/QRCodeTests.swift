// Shows that the matrix is a QR code of the right size, and where texts become too long. Failures
// print their texts, so no test may use the secret of a real account.

import Testing

@testable import QRCode

/// A text of the kind that we draw.
let exampleURI =
    "otpauth://totp/Example:ada%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    + "&issuer=Example&algorithm=SHA1&digits=6&period=30"

@Suite struct QRCodeTests {
    @Test(
        "the sides of all versions at level M, by the standard's capacities",
        arguments: [
            (1, 21), (14, 21), (15, 25), (26, 25), (27, 29), (213, 57), (214, 61), (331, 69),
            (332, 73), (2_331, 177),
        ])
    func side(bytes: Int, side: Int) throws {
        #expect(try QRCode(text: String(repeating: "a", count: bytes)).side == side)
    }

    @Test("three finder patterns with their light borders, and none in the fourth corner")
    func finders() throws {
        let code = try QRCode(text: exampleURI)
        let far = code.side - 7
        #expect(hasFinder(code, row: 0, column: 0))
        #expect(hasFinder(code, row: 0, column: far))
        #expect(hasFinder(code, row: far, column: 0))
        #expect(!hasFinder(code, row: far, column: far))
    }

    @Test("timing patterns alternate between the finders")
    func timing() throws {
        let code = try QRCode(text: exampleURI)
        for index in 8..<code.side - 8 {
            #expect(code.isDark(row: 6, column: index) == index.isMultiple(of: 2))
            #expect(code.isDark(row: index, column: 6) == index.isMultiple(of: 2))
        }
    }

    @Test("outside the square all is light")
    func outside() throws {
        let code = try QRCode(text: exampleURI)
        #expect(code.isDark(row: 0, column: 0))
        #expect(!code.isDark(row: -1, column: 0))
        #expect(!code.isDark(row: 0, column: -1))
        #expect(!code.isDark(row: code.side, column: 0))
        #expect(!code.isDark(row: 0, column: code.side))
    }

    @Test("the longest text, one byte more, and nothing at all")
    func limits() throws {
        let longest = String(repeating: "a", count: QRCode.textBytesMax)
        #expect(try QRCode(text: longest).side == 177)
        #expect(throws: QRCodeError.textTooLong(bytes: QRCode.textBytesMax + 1)) {
            try QRCode(text: longest + "a")
        }
        #expect(throws: QRCodeError.textEmpty) { try QRCode(text: "") }
    }

    @Test("the limit counts bytes, not letters")
    func limitCountsBytes() throws {
        let letters = String(repeating: "é", count: QRCode.textBytesMax / 2)
        #expect(try QRCode(text: letters + "a").side == 177)
        #expect(throws: QRCodeError.textTooLong(bytes: QRCode.textBytesMax + 1)) {
            try QRCode(text: letters + "é")
        }
    }

    @Test("a NUL does not end the text early")
    func nul() throws {
        #expect(try QRCode(text: "a\0b") != QRCode(text: "a"))
        #expect(try QRCode(text: "a\0b") != QRCode(text: "a\0c"))
    }

    @Test("equal texts give equal codes, others do not")
    func equality() throws {
        #expect(try QRCode(text: exampleURI) == QRCode(text: exampleURI))
        #expect(try QRCode(text: exampleURI) != QRCode(text: exampleURI + "0"))
    }

    @Test("printing a code shows no module of it")
    func printing() throws {
        let code = try QRCode(text: exampleURI)
        #expect("\(code)" == "<secret QR code>")
        #expect(String(reflecting: code) == "<secret QR code>")
    }

    @Test(
        "errors say what to do, in our way of writing",
        arguments: [
            (QRCodeError.textEmpty, "there is no text to draw as a QR code"),
            (
                .textTooLong(bytes: 9_000),
                "the text has 9000 bytes, a QR code holds 2331: "
                    + "shorten the label"
            ),
            (.encodingFailed(code: 12), "libqrencode drew no QR code (errno 12)"),
            (.compressionFailed(code: -4), "zlib did not compress the QR code's image (result -4)"),
        ])
    func words(error: QRCodeError, words: String) {
        #expect("\(error)" == words)
    }
}

/// Dark ring, light ring, dark core, and the light border towards the inside of the symbol.
private func hasFinder(_ code: QRCode, row: Int, column: Int) -> Bool {
    (-1...7).allSatisfy { down in
        (-1...7).allSatisfy { right in
            let distance = max(abs(down - 3), abs(right - 3))
            let isDark = distance == 3 || distance <= 1
            return code.isDark(row: row + down, column: column + right) == isDark
        }
    }
}
