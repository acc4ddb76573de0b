// CSV as spreadsheets, databases and other programs write it. No cell may lose its place, and none
// may become a user that a person would not read there.

import Testing

@testable import AccountLists

@Suite("CSV")
struct CSVTests {
    private static let secret = Rows.secret

    static let headers: [(String, String)] = [
        ("user,secret", "ada,\(secret)"), ("User,SECRET", "ada,\(secret)"),
        (" user , secret ", "ada,\(secret)"),
        ("\"user\",\"secret\"", "\"ada\",\"\(secret)\""), ("user;secret", "ada;\(secret)"),
        ("\"user\";\"secret\"", "\"ada\";\"\(secret)\""),
        ("user\tsecret", "ada\t\(secret)"), ("user|secret", "ada|\(secret)"),
        ("sep=;\r\nuser;secret", "ada;\(secret)"), ("sep=,\nuser,secret", "ada,\(secret)"),
        ("sep=\t\r\nuser\tsecret", "ada\t\(secret)"), ("username,secret", "ada,\(secret)"),
        ("issuer,username,algorithm,digits,period,secret", "x,ada,SHA1,6,30,\(secret)"),
        ("user,secret,last step", "ada,\(secret),5"), ("user,secret,Last-Step", "ada,\(secret),5"),
        ("user,secret,,", "ada,\(secret),,"), ("user,secret, ,", "ada,\(secret), ,"),
        ("user,otpauth", "ada,otpauth://totp/Example:4711?secret=\(secret)"),
        ("otpauth", "otpauth://totp/Example:ada?secret=\(secret)"),
        ("secret,user\r", "\(secret),ada\r"), ("\nuser,secret", "ada,\(secret)"),
        ("user,secret", "\"ada\" ,\(secret)"), ("user,secret", "\" ada \n\",\(secret)"),
        ("user,secret,digits,period,algorithm,app", " ada , \(secret) , 6 , 30 , sha1 , shop "),
    ]

    @Test("a header and a row that are understood", arguments: headers)
    func understood(_ header: String, _ row: String) throws {
        #expect(try Rows.user("\(header)\n\(row)\n") == "ada")
        // A row without a value is none.
        let empty = header.contains(",") ? ",," : ""
        #expect(try Rows.user("\(header)\r\n\(row)\r\n\(empty)\r\n\r\n") == "ada")
    }

    static let foreign: [(String, String)] = [
        ("user,sekret", "a column is called 'sekret'"),
        ("user,user,secret", "two columns are 'user'"),
        ("user,username,secret", "two columns are 'user'"), ("user,Secret,secret", "two columns"),
        ("user", "there is no column 'secret'"), ("secret", "there is no column 'user'"),
        ("user,secret,otpauth", "the columns 'otpauth' and 'secret'"),
        ("user,otpauth,digits", "the columns 'otpauth' and 'digits'"),
        ("4015,\(secret)", "this looks like csv without a header"),
        ("4015;\(secret.lowercased())", "this looks like csv without a header"),
        ("4015,3132333435363738393031323334353637383930", "this looks like csv without a header"),
        ("user,secret,\(secret.prefix(20))", "this looks like csv without a header"),
        ("ada lovelace", "a column is called 'ada lovelace'"),
        ("0123456789", "column 1 has an"),
        ("user,secret,note", "a column is called 'note'"),
        ("user;secret;pin", "a column is called"),
        (
            "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes",
            "this looks like an export of 1Password"
        ),
        (
            "url,username,password,totp,extra,name,grouping,fav",
            "this looks like an export of LastPass"
        ),
        ("user secret", "this looks like csv with blanks or colons"),
        ("user: secret", "this looks like csv with blanks or colons"),
        (
            "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_totp",
            "this looks like an export of Bitwarden in CSV"
        ),
        ("user:secret", "this looks like csv with blanks"),
        ("sep=#\nuser,secret", "column 1 has an unknown name"),
        ("user,secret,counter", "a column is called 'counter'"), ("user,secret,t0", "column 3 has"),
    ]

    @Test("a header that is not understood", arguments: foreign)
    func strange(_ header: String, _ fault: String) throws {
        let error = #expect(throws: ListFault.self) {
            _ = try Rows.of("\(header)\nada,\(Self.secret)\n", .csv)
        }
        #expect(error?.description.hasPrefix(fault) == true, "\(error?.description ?? "")")
        #expect(
            error?.description.contains("known") == true || fault.hasPrefix("two")
                || fault.hasPrefix("the columns"))
        #expect(error?.description.contains(/[A-Za-z2-7]{16}/) == false)
    }

    /// The user's cell as it stands in the file.
    static let users = [
        "", " ", "\u{a0}", "\u{200b}", "\"\"", "\" \"", "=\"4011\"", "'4012", "=4011", "`4011`",
        "\"\"\"4011\"\"\"", "4011:", "\"4011,\"", "4011;", "|4011", ":4011", "4.01E+03", "4,01E+03",
        "4011.0", "1e5", "#REF!", "#N/A", "#NAME?", "########", "NULL", "\\N", "None", "nan",
        "(null)", "ada&amp;bob", "&#252;ber", "ada\u{200b}bob", "ada\u{a0}bob", "ada\u{ad}bob",
        "\u{202e}ada\u{202c}x", "ada\u{fffd}", "\"ada\nbob\"", "ada\tbob", "ada\u{7}",
        "http://example.org/ada", "“ada”", "«ada»", "ad\"a", "\u{3164}", "\u{2800}",
        // What shows nothing, at an end.
        "ada\u{a0}", "\u{a0}ada", "\u{200b}ada", "ada\u{feff}", "ada\u{200d}", "ada\u{2003}",
        "\u{2060}ada", "ada\u{ad}", "ada\u{3000}",
        // Numbers, dates and times as spreadsheets show them.
        "\"4,011\"", "\"4,011.00\"", "\"4.011,5\"", "4 011", "4'011", "4.011", "1.234.567",
        "\"12,34,567\"", "\"4,01\"", "-4.01E+03", "$4011.00", "€ 4011.00", "(4011.00)",
        "1234567890123450", "01.12.2026", "1/12/26", "2026-12-01", "2026-12-01 00:00:00",
        "2026-12-01T00:00:00Z", "2026/12/01", "01.12.26 10:15", "1-Dec", "01. Dez", "01. Dez 26",
        "01-Dec-2026", "Dec-26", "1-mrt", "mars-26", "01-janv", "12:30", "12:30:00", "1:30 PM",
        "Err:502", "Fehler:508", "#NV", "#BEZUG!", "#VALEUR!", "#N/D", "#¡VALOR!", "#5001",
        // No value, or yes and no.
        "NA", "N/A", "n.a.", "null", "<NA>", "<null>", "[NULL]", "{null}", "(none)", "nil", "NaT",
        "undefined", "true", "VRAI", "??", "?", "-", "--", "...", "***", "_", "\"- -\"",
        // What a program writes of a value, and of an encoding.
        "ObjectId(507f1f77bcf86cd799439011)", "Decimal('4011')", "UUID(\"\"x\"\")",
        "b'ada'", "u'ada'", "['ada']", "{ada}", "(ada)", "<ada>", "\\x616461", "EXAMPLE\\\\ada",
        "Ada <ada@example.org>", "mailto:ada@example.org", "│ ada │", "ada│", "*ada*", "• ada",
        "\u{d0}\u{b0}da", "\u{e4}\u{b8}\u{20ac}", "\u{c3}\u{a9}", "\u{ce}\u{b1}",
        "\"O\\'\"", "ada'", "J?rgen", "J=C3=BCrgen", "=?UTF-8?Q?J=C3=BCrgen?=", "a=3Db",
    ]

    @Test("users that nobody meant", arguments: users)
    func strange(_ cell: String) throws {
        let separator = cell.contains(",") && !cell.contains("\"") ? ";" : ","
        let text = "user\(separator)secret\n\(cell)\(separator)\(Self.secret)\n"
        let user = try Rows.user(text)
        #expect(user == nil)
    }

    @Test(
        "users that are unusual, and right",
        arguments: [
            "ada lovelace", "O'Hara", "ada@example.org", "CN=ada,O=Example", "a:b", "a|b", "4711",
            "007", "e5", "5e", "\u{1f469}\u{200d}\u{1f680}", "jürgen", "ju\u{308}rgen", "N",
            "null.island", "C++", "a-", "@ada", "a-b%", "Nan Goldin",
            "\u{5e9}\u{5dc}\u{5d5}", "Steamboat", "A-Jan", "jan92", "mar1", "Ada (shop)",
            "+49 170 123",
            "10.0.0.1",
            "4711-ada", "123456789012345", "1234567890123456", "EXAMPLE\\ada", "O'Hara, 'ada'",
            "CN=ADAM", "André–Marie", "Ωμέγα", "Übel", "Ðorđe",
            "na", "Nana", "ada e\u{301}", "4,711 ada", "12-steps", "1.2.3", "v1.10",
        ])
    func unusual(_ user: String) throws {
        let found = try Rows.user("user,secret\n\"\(user)\",\(Self.secret)\n")
        #expect(found.map { Array($0.utf8) } == Array(user.utf8))
    }

    static let rows: [(String, String)] = [
        ("ada", "1 cells"), ("ada,\(secret),6,30", "4 cells"),
        ("ada,\(secret),x", "digits: "), ("ada,\(secret),6.0", "digits: "),
        ("ada,\(secret),+6", "digits: "), ("ada,\(secret),06", "digits: "),
        ("ada,\(secret),NULL", "digits: "), ("ada,\(secret),６", "digits: "),
        ("ada,\(secret),-6", "digits: "), ("ada,\(secret),9999999999999999999999", "digits: "),
        ("ada,\(secret) x1,6", "secret: it is not base32"), ("ada,,6", "secret: it is missing"),
        ("ada,GEZDGNBVGY3TQOJQGEZDGNBV,6", "secret: it has 15 bytes"),
        ("ada,GEZDGNBVGY3TQOJQ,6", "secret: it has 10 bytes"),
        ("ada,\"\(secret)\"\"\",6", "secret: it is not base32"),
        ("ada,\"6\",\"\(secret)\"", "secret: it is not base32"),
        ("ada,\(secret)=,6", "secret: it ends in"),
        ("ada,\(secret.dropLast())==,6", "secret: it ends in"),
        ("ada,\(secret.dropLast(6))=====,6", "secret: it ends in"),
        ("ada,\(secret)\u{200b},6", "secret: it is not base32"),
        ("ada,\u{a0}\(secret),6", "secret: it is not base32"),
        ("ada,NA,6", "secret: it looks like"), ("ada,NULL,6", "secret: it looks like"),
        ("ada,??,6", "secret: it looks like"), ("ada,None,6", "secret: it looks like"),
        ("ada,#N/A,6", "secret: it is not base32"),
        ("ada,01.12.2026,6", "secret: it is not base32"),
        ("ada,\(String(repeating: "X", count: 32)),6", "secret: it is one character"),
        ("ada,\(String(repeating: "q", count: 26)),6", "secret: it is one character"),
        ("ada,\(secret),6\u{a0}", "digits: "), ("ada,\(secret),NA", "digits: "),
    ]

    @Test("cells that are not understood", arguments: rows)
    func cells(_ row: String, _ fault: String) throws {
        let found = try Rows.fault("user,secret,digits\n\(row)\n")
        #expect(found?.hasPrefix(fault) == true, "\(found ?? "in")")
        #expect(found?.contains("GEZD") == false)
    }

    @Test(
        "the last row, cut anywhere, does not come in where the rows before it end in line ends",
        arguments: ["user,last_step,secret", "user,secret,last_step", "secret,last_step,user"])
    func cut(_ header: String) throws {
        let cells = ["user": "ada", "secret": Self.secret, "last_step": "58907520"]
        let columns = header.split(separator: ",").compactMap { cells[String($0)] }
        for end in ["\n", "\r\n", "\r"] {
            for row in [columns, columns.map { "\"\($0)\"" }].map({ $0.joined(separator: ",") }) {
                for length in 1...row.count {
                    let text = "\(header)\(end)\(row)\(end)\(row.prefix(length))"
                    do {
                        let rows = try Rows.of(text)
                        #expect(rows.count == 2 && rows[1].contains("wrong: "), "\(rows)")
                    } catch let fault as ListFault {
                        #expect(fault.description.contains("never closed"))
                    }
                }
                #expect(try Rows.of("\(header)\(end)\(row)\(end)").count == 1)
            }
        }
        let words = try Rows.fault("user,secret\nada,\(Self.secret)")
        #expect(words?.contains("add a line end") == true)
    }

    @Test(
        "a row that was broken anywhere, by whatever, does not come in as less than it was",
        arguments: [
            "user,secret", "secret,user", "user,secret,last_step", "user,otpauth", "otpauth",
        ])
    func broken(_ header: String) throws {
        let link = "otpauth://totp/ada?secret=\(Self.secret)&digits=8"
        let cells = ["user": "ada", "secret": Self.secret, "last_step": "5890", "otpauth": link]
        let row = header.split(separator: ",").compactMap { cells[String($0)] }
            .joined(separator: ",")
        let whole = try Rows.of("\(header)\n\(row)\n")[0].dropFirst(3)
        for end in ["\n", "\r\n", "=\n", "\n\n", " \n "] {
            for length in 1..<row.count {
                let text = "\(header)\n\(row.prefix(length))\(end)\(row.dropFirst(length))\n"
                do {
                    for row in try Rows.of(text) where !row.contains("wrong: ") {
                        #expect(row.dropFirst(3) == whole, "\(length): \(row)")
                    }
                } catch is ListFault {
                    continue
                }
            }
        }
    }

    @Test("a row of Steam's is none")
    func steam() throws {
        for (issuer, isIn) in [("Steam", false), (" steam guard", false), ("Steamboat", true)] {
            let fault = try Rows.fault("user,secret,issuer\nada,\(Self.secret),\(issuer)\n")
            #expect((fault == nil) == isIn)
            #expect(isIn || fault?.contains("Steam") == true)
        }
    }

    @Test("a cell under no name is no cell to be passed over, and quotes must match")
    func layout() throws {
        let wrong = try Rows.fault("user,secret,\nada,\(Self.secret),8\n")
        #expect(wrong?.hasPrefix("a cell has no column name") == true)
        for text in ["ada,\"\(Self.secret)", "\"ada\"x,\(Self.secret)"] {
            #expect(throws: ListFault.self) { try Rows.of("user,secret\n\(text)\n") }
        }
        let spread = "user,secret\n\"a\nb\",\(Self.secret)\nbob,\(Self.secret)\n"
        #expect(try Rows.of(spread).map { $0.prefix(6) } == ["2: wro", "4: bob"])
    }
}
