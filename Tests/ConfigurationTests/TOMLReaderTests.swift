// Shows that the reader takes TOML for what it means, and names the line of everything else. What
// the settings may be is another test's matter.

import Testing

@testable import Configuration

@Suite struct TOMLReaderTests {
    private func read(_ text: String) throws(ConfigurationFault) -> TOMLTable {
        try TOMLReader.read(Array(text.utf8))
    }

    @Test("values, with the lines they stand in")
    func values() throws {
        let table = try read(
            """
            # A comment.

            text = "a\\u00e9\\"\\t" # another
            'literal key' = 'C:\\n'
            number = +1_000
            flag = true
            list = [
              "one", # with a comment
              "two",
            ]
            [app.shop.limits]
            login = { max = 5, per.seconds = 60 }
            [app]
            "x y".z = -0
            """)
        #expect(
            table.shown
                == #"3 text = "aé\"\t"; 4 literal key = "C:\\n"; 5 number = 1000; 6 flag = true; "#
                + #"7 list = [8 "one", 9 "two"]; 11 app = {11 shop = {11 limits = {12 login = "#
                + "{12 max = 5; 12 per = {12 seconds = 60}}}}; 14 x y = {14 z = 0}}")
    }

    @Test("an empty text, and one without a last LF")
    func small() throws {
        #expect(try read("").entries.isEmpty)
        #expect(try read("\r\n \t\r\n").entries.isEmpty)
        #expect(try read("a = 1").shown == "1 a = 1")
        #expect(try read("a = 1\r\nb = 2\r\n").shown == "1 a = 1; 2 b = 2")
        #expect(try read("\u{feff}").entries.isEmpty)
        #expect(try read("\u{feff}[a]\r\nb = 2\r\n").shown == "1 a = {2 b = 2}")
    }

    @Test("a byte order mark says nothing at the beginning, and is a mistake anywhere else")
    func mark() {
        for text in ["a = 1\n\u{feff}b = 2", "\u{feff}\u{feff}a = 1"] {
            #expect(throws: ConfigurationFault.self) { try read(text) }
        }
    }

    /// What is wrong in line 2 of a text, and a word of what is said.
    private static let wrong: [(String, String)] = [
        ("x", "'='"), ("x =", "a value is expected"), ("= 1", "no key"), ("x = 1 y", "left over"),
        ("x = \"a", "does not end"), ("x = 'a", "does not end"), ("x = \"a\nb\"", "on its line"),
        ("x = \"\\q\"", "escape"), ("x = \"\\u12\"", "hexadecimal"),
        ("x = \"\\ud800\"", "hexadecimal"), ("x = \"\\u１２３４\"", "hexadecimal"),
        ("x = \"\u{1}\"", "control"), ("# \u{7f}", "control"), ("x = 1 # \u{0}", "control"),
        ("x = \"\"\"a\"\"\"", "several lines"), ("x = '''a'''", "several lines"),
        ("x = 1.5", "no value"), ("x = 2026-01-01", "no value"), ("x = 0x10", "no value"),
        ("x = 007", "no value"), ("x = 1__0", "no value"), ("x = _1", "no value"),
        ("x = 1_", "no value"), ("x = -", "no value"), ("x = 9223372036854775808", "no value"),
        ("x = yes", "no value"), ("x = True", "no value"), ("x = inf", "no value"),
        ("x = [1 2]", "','"), ("x = [1,,2]", "no value"), ("x = [,]", "no value"),
        ("x = {a = 1,}", "no key"), ("x = {a = 1\n}", "'}'"), ("x = {a = 1 b = 2}", "'}'"),
        ("[a", "']'"), ("[]", "no key"), ("[a.]", "no key"), ("[a] x", "left over"),
        ("[[a]]", "list of tables"), ("a. = 1", "no key"), ("é = 1", "no key"),
        ("x = 1\rz = 2", "left over"), ("\u{FEFF}x = 1", "no key"),
        ("taken = 1", "in line 1"), ("taken.x = 1", "in line 1"), ("[taken]", "in line 1"),
        ("[taken.x]", "in line 1"), ("x = {a = 1, a = 2}", "in line 2"),
        ("x = {a = {b = 1}, a.c = 2}", "in line 2"),
        ("x = [[[[[[[[1]]]]]]]]", "too deeply"), ("a.b.c.d.e.f.g.h.i = 1", "too deeply"),
    ]

    @Test("what is wrong is said with its line", arguments: Self.wrong)
    func faults(_ line: String, _ word: String) throws {
        let fault = #expect(throws: ConfigurationFault.self) {
            try read("taken = 0\n\(line)\n")
        }
        let lineNumber = fault?.line
        #expect(lineNumber == 2, "\(line)")
        #expect(fault?.reason.contains(word) == true, "\(line): \(fault?.reason ?? "")")
    }

    @Test("a table is defined once, wherever it was begun")
    func tables() throws {
        let wrong = [
            "[a]\n[a]", "[a.b]\n[a]\n[a.b]", "a.b = 1\n[a]", "[a]\nb.c = 1\n[a.b]",
            "[a.b.c]\n[a]\nb.d = 1\n[a.b]", "a = {}\n[a.b]", "a = {}\na.b = 1", "[a]\nb = 1\n[a.b]",
            "[a.b]\nx = 1\n[a]\nb.y = 1",
        ]
        for text in wrong {
            #expect(throws: ConfigurationFault.self, "\(text)") { try read(text) }
        }
        let right = [
            "[a.b]\n[a]", "[a]\n[a.b]", "[a]\nb.c = 1\nb.d = 2", "[a]\nb.c = 1\n[a.b.d]",
            "a.b = 1\n[a.c]", "[a.b.c]\n[a]\nb.d = 1",
        ]
        for text in right { #expect(throws: Never.self, "\(text)") { try read(text) } }
    }

    @Test("bytes that are no UTF-8")
    func noText() {
        #expect(throws: ConfigurationFault.self) { try TOMLReader.read([0x61, 0xff]) }
    }
}

extension TOMLTable {
    fileprivate var shown: String {
        entries.sorted { ($0.value.line, $0.key) < ($1.value.line, $1.key) }
            .map { "\($1.line) \($0) = \($1.value.shown)" }.joined(separator: "; ")
    }
}

extension TOMLValue {
    fileprivate var shown: String {
        switch self {
        case .string(let text): return text.debugDescription
        case .integer(let number): return "\(number)"
        case .boolean(let flag): return "\(flag)"
        case .array(let nodes):
            return "[" + nodes.map { "\($0.line) \($0.value.shown)" }.joined(separator: ", ") + "]"
        case .table(let table): return "{\(table.shown)}"
        }
    }
}
