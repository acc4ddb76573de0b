// The ways in which people, programs and spreadsheets write key URIs. Nothing in front of a link,
// behind it or within it may be passed over.

import Testing

@testable import AccountLists

@Suite("Key URIs")
struct KeyURITests {
    private static let secret = Rows.secret
    private static let link = "otpauth://totp/Example:ada?secret=\(secret)&issuer=Example"

    /// Each names 5001, if anybody.
    static let fronts = [
        "5001,", "5001;", "5001|", "5001:", "5001, ", "5001; ", "5001 | ", "5001: ", "5001 : ",
        "5001 , ", "\"5001\" ", "'5001' ", "\"5001\",\"", "<5001> ", "(5001) ", "[5001] ", "- ",
        "* ", "• ", "– ", "1. ", "1) ", "a) ", "- 5001 ", "1. 5001 ", "otp: ", "user: 5001 ",
        "user=5001 ", "5001 = ", "5001 => ", "5001 -> ", "5001-> ", "5001 - ", "> ", "5001\u{a0}| ",
        "uid=5001,ou=people ", "CN=5001 ", "=5001 ", "=\"5001\" ", "5001&nbsp;", "5001\\t",
        "export OTP=", "echo ", "5001 ada ", "5001.", "5001@ ", "“5001” ", "5001,ada ", "#5001 ",
        "# 5001 ", "5001 # ", "…", "{\"5001\":\"", "5001/", "https://example.org/ ", "NULL ",
        "5001\u{a0}", "5001 \u{200b}", "\u{feff}5001 ", "5001\u{3000}",
    ]

    @Test("a word in front of a link, or none", arguments: fronts)
    func strangeFronts(_ front: String) throws {
        // Where something is left that is one word, it is what a person sees as one.
        let user = try Rows.user(front + Self.link, .otpauth)
        #expect(user == nil || user == front.trimmed && ["echo"].contains(user), "\(user ?? "")")
    }

    @Test(
        "users that are one word",
        arguments: [
            "5001", "ada", "ada@example.org", "ada+shop@example.org", "EXAMPLE\\ada", "jürgen",
            "ада", "a-b_c.d", "_svc", "host$", "+4912345", "名前",
            "0c7f1b2e-1d1e-4a7e-9d1f-1b2c3d4e5f60",
        ])
    func plainFronts(_ user: String) throws {
        for blank in [" ", "\t", "  "] {
            #expect(try Rows.user("\(user)\(blank)\(Self.link)") == user)
        }
        #expect(try Rows.user("  \(user) \(Self.link)  \t") == user)
    }

    /// Behind `?`; nil where the row comes in.
    static let queries: [(String, String?)] = [
        ("secret=\(secret)", nil), ("SECRET=\(secret)&Issuer=Example", nil),
        ("Secret=\(secret)&DIGITS=6&Period=30&ALGORITHM=sha1", nil),
        ("secret=\(secret)&Algorithm=SHA256", "algorithm: the link has its name in capitals"),
        ("secret=\(secret)&DIGITS=8", "digits: the link has its name in capitals"),
        ("SECRET=\(secret)&Period=60", "period: the link has its name in capitals"),
        ("secret=\(secret)&digits=6&Digits=8", "digits: the link has it twice"),
        ("secret=%47%45ZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", nil),
        ("secret=GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ&issuer=x", nil),
        ("secret=GEZD%0AGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "secret: it is not base32"),
        ("secret=GEZD%2BGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "secret: it is not base32"),
        ("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY", nil),
        ("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY======", nil),
        ("secret=GEZDGNBVGY3TQOJQGEZDGNBVGZ", "secret: its last character has bits left"),
        ("secret=gezdgnbvgy3tqojqgezdgnbvgb%3D%3D%3D%3D%3D%3D", "secret: its last character"),
        ("secret=\(secret)&digits=+6", "digits: a whole"),
        ("secret=\(secret)&period=+30", "period: a whole"),
        ("secret=\(secret)&", nil), ("&secret=\(secret)&&issuer=", nil),
        ("secret=\(secret)&issuer=Example&algorithm=SHA1&digits=6&period=30", nil),
        ("secret=\(secret)&image=https%3A%2F%2Fexample.org%2Fa.png", nil),
        ("secret=\(secret)&counter=0", nil), ("secret=\(secret)&counter=", nil),
        ("secret=\(secret)&counter=1", "counter: a token"),
        ("secret=\(secret)&Counter=00", "counter: a token"),
        ("secret=\(secret)&issuer=Steam", "this is Steam's"),
        ("secret=\(secret)&issuer=steam%20Guard", "this is Steam's"),
        ("secret=\(secret)&issuer=Steamboat", nil),
        ("secret=\(secret)&encoder=steam", "this is Steam's"),
        ("secret=\(secret)&Encoder=Steam&digits=5", "this is Steam's"),
        ("secret=3D\(secret)", "the link is quoted-printable"),
        ("secret=3D\(secret)&issuer=3DExample", "the link is quoted-printable"),
        ("secret=3D\(secret.dropLast(2))&issuer=Example", nil),
        ("secret=3D\(secret)&digits=3D8", "the link is quoted-printable"),
        ("secret=\(secret)&issuer=Exam...", "the link is cut short"),
        ("secret=\(secret)…", "the link is cut short"),
        ("secret=GEZD+GNBV+GY3T+QOJQ+GEZD+GNBV+GY3T+QOJQ&issuer=x", nil),
        ("secret=\(secret)&secret=\(secret)", "secret: the link has it twice"),
        ("secret=\(secret)&SECRET=\(secret)", "secret: the link has it twice"),
        ("secret=\(secret)&digits=6&digits=6", "digits: the link has it twice"),
        ("secret=\(secret)&issuer=a&issuer=b", "issuer: the link has it twice"),
        ("secret=\(secret)&amp;digits=8", "the link has an HTML entity"),
        ("secret=\(secret)&#38;digits=8", "the link has an HTML entity"),
        ("secret=\(secret)&#x26;digits=8", "the link has an HTML entity"),
        ("secret=\(secret)%26digits=8", "secret: its value"),
        ("secret=\(secret);digits=8", "secret: its value"),
        ("secret=\(secret)\\u0026digits=8", "the link has a character"),
        ("issuer=Example;digits=8&secret=\(secret)", "issuer: its value"),
        ("issuer=Example%26period%3D60&secret=\(secret)", "issuer: its value"),
        ("secret=\(secret)&image=x;algorithm=SHA256", "image: its value"),
        ("secret=\(secret)&encoder=hex", "the link has an unknown parameter 'encoder'"),
        ("secret=\(secret)&t0=1000", "the link has an unknown parameter number 2"),
        ("secret=\(secret)&offset=30", "the link has an unknown parameter 'offset'"),
        ("secret=\(secret)&interval=60", "the link has an unknown parameter 'interval'"),
        ("secret=\(secret)&\(secret)", "the link has an unknown parameter number 2"),
        ("\(secret)", "the link has an unknown parameter number 1"),
        ("secret", "secret: this part"), ("secret=", "secret: it is empty"),
        ("secret=\(secret)&digits=", "digits: it is empty"),
        ("secret=\(secret)&digits=06", "digits: a whole"),
        ("secret=\(secret)&digits=%2B6", "digits: a whole"),
        ("secret=\(secret)&digits=6.0", "digits: a whole"),
        ("secret=\(secret)&digits=٦", "digits: a whole"),
        ("secret=\(secret)&period=030", "period: a whole"),
        ("secret=\(secret)&period=30s", "period: a whole"),
        ("secret=\(secret)&period=120", "period: a whole"),
        ("secret=\(secret)&algorithm=SHA3-256", "algorithm: "),
        ("secret=\(secret)&algorithm=SHA-2", "algorithm: "),
        ("secret=\(secret)&algorithm=MD5", "algorithm: "),
        ("secret=\(secret)#fragment", "the link has a #"),
        ("secret=\(secret) # my phone", "the link has a #"),
        ("secret=\(secret) ada", "something comes after"),
        ("secret=\(secret),5001", "something comes after"),
        ("secret=\(secret);5001", "something comes after"),
        ("secret=\(secret)&issuer=Other, 5001", "something comes after"),
        ("secret=\(secret)\t5001", "the link has a character"),
        ("secret=\(secret)|5001", "the link has a character"),
        ("secret=\(secret)\"", "the link has a character"),
        ("secret=\(secret) otpauth://totp/x?secret=\(secret)", "the row has two links"),
        ("secret=%ZZ", "secret: this part"), ("secret=\(secret)%", "secret: this part"),
        ("secret=\(secret)%C3", "secret: this part"),
        ("secret=GEZDGNBVGY", "secret: it has 6 bytes"),
        ("secret=0123456789012345678901234567", "secret: it is not base32"),
        ("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ%00", "secret: it is not base32"),
    ]

    @Test("parameters", arguments: queries)
    func parameters(_ query: String, _ fault: String?) throws {
        for front in ["", "5001 "] {
            let found = try Rows.fault("\(front)otpauth://totp/ada?\(query)", .otpauth)
            if let fault {
                #expect(found?.hasPrefix(fault) == true, "\(found ?? "in")")
                #expect(found?.contains(Self.secret) == false)
            } else {
                #expect(found == nil)
            }
        }
    }

    /// Behind `totp`, with what the user is; nil where nobody can say.
    static let labels: [(String, String?)] = [
        ("/ada", "ada"), ("/Example:ada", "ada"), ("/Example%3Aada", "ada"),
        ("/Example:%20ada", "ada"), ("/Example:%E2%80%8Bada", nil), ("/Example:ada%C2%A0", nil),
        ("/Example:ada%40example.org", "ada@example.org"), ("/Example:a%2Fb", "a/b"),
        ("/Example:a%2Bb", "a+b"), ("/Exa+mple:a", nil), ("/Example:a+b", nil), ("/a+b", nil),
        ("/Example/ada", nil), ("//ada", nil), ("/Example:ada/", nil), ("/a:b:c", nil),
        ("/Example:b:c", nil), ("/Example:ada%2540example.org", nil), ("/Example", nil), ("/", nil),
        ("", nil), ("/Example:", nil), ("/Example:%20", nil), ("/Other:ada", nil),
        ("/realm:ada", nil),
        ("/Example:%FF", nil), ("/Example:%4", nil), ("/Example:ada%00", nil),
        ("/Example:ada,", nil),
        ("/Example:%22ada%22", nil), ("/Example:NULL", nil), ("/Example:ada%E2%80%8Bb", nil),
        ("/example:ada", nil), ("/Example:5.0E%2B03", nil),
    ]

    @Test("labels beside the issuer Example", arguments: labels)
    func label(_ label: String, _ user: String?) throws {
        let rest = "?secret=\(Self.secret)&issuer=Example"
        #expect(try Rows.user("otpauth://totp\(label)\(rest)", .otpauth) == user)
    }

    @Test("labels where no issuer says which colon separates")
    func bareLabels() throws {
        let query = "?secret=\(Self.secret)"
        #expect(try Rows.user("otpauth://totp/Example:ada\(query)") == "ada")
        #expect(try Rows.user("otpauth://totp/a:b:ada\(query)") == nil)
        #expect(try Rows.user("otpauth://totp/a:b:ada\(query)&issuer=a:b") == "ada")
        #expect(try Rows.user("otpauth://totp/a+b:ada\(query)&issuer=a+b") == "ada")
        #expect(try Rows.user("otpauth://totp/My Shop:ada\(query)&issuer=My Shop") == "ada")
        #expect(try Rows.user("otpauth://totp/ada\(query)&issuer=My Shop") == nil)
    }

    @Test("a label says whose codes they are")
    func steam() throws {
        for (label, isIn) in [("Steam:ada", false), ("steam%3Aada", false), ("steam", true)] {
            let fault = try Rows.fault("otpauth://totp/\(label)?secret=\(Self.secret)")
            #expect((fault == nil) == isIn)
        }
        for link in ["otpauth://steam/Steam:ada?secret=\(Self.secret)", "steam://\(Self.secret)"] {
            #expect(try Rows.fault(link, .otpauth)?.hasPrefix("this is Steam's") == true)
        }
    }

    @Test(
        "other kinds", arguments: ["hotp", "yaotp", "motp", "totp:80", "x@totp", "TOTP "])
    func kinds(_ kind: String) throws {
        let fault = try Rows.fault("otpauth://\(kind)/Example:ada?secret=\(Self.secret)", .otpauth)
        #expect(fault?.hasPrefix("only TOTP is supported") == true)
    }

    @Test("rows end as lines end, and each has its own number")
    func lines() throws {
        let text =
            "a \(Self.link)\r\n\r\nb \(Self.link)\rc \(Self.link)\n \u{a0}\nd \(Self.link)\n"
        #expect(
            try Rows.of(text).map { $0.prefix { $0 != "G" } }
                == ["1: a ", "3: b ", "4: c ", "6: d "])
    }

    @Test("a link that was broken anywhere, by whatever, does not come in as less than it was")
    func broken() throws {
        let link = "5001 \(Self.link)&algorithm=SHA256&digits=8&period=60"
        for end in ["\n", "\r\n", "\n ", "\n\n", "=\n", "\\\n", "\n> "] {
            for length in 1..<link.count {
                let text = "\(link.prefix(length))\(end)\(link.dropFirst(length))\n"
                for row in try Rows.of(text, .otpauth) where !row.contains("wrong: ") {
                    // A blank that broke is a blank.
                    #expect(row.contains(" 5001 \(Self.secret) SHA256/8/60"), "\(length) \(row)")
                }
            }
        }
        for next in ["&digits=8", "  &digits=8", "digits=3D8", "ada"] {
            let rows = try Rows.of("\(Self.link)\n\(next)\n")
            #expect(rows.count == 2 && rows[0].hasPrefix("1: wrong: the next line"), "\(rows)")
        }
        let rows = try Rows.of("ada\n\(Self.link)\n# ada\n\(Self.link)\n", .otpauth)
        #expect(rows[1].hasPrefix("2: wrong: the line before") && rows[2].hasPrefix("4: ada "))
    }

    @Test("the last link, cut anywhere, does not come in where the lines before it have ends")
    func cut() throws {
        let link = "5001 \(Self.link)&digits=8"
        for length in 6...link.count {
            let rows = try Rows.of("\(link)\n\(link.prefix(length))", .otpauth)
            #expect(rows.count == 2 && rows[1].hasPrefix("2: wrong: "), "\(rows)")
        }
        // One line alone may end as it likes.
        #expect(try Rows.user(link) == "5001")
    }
}
