// The rules are as good as their reading of a text: comments, strings, functions and imports.

import Testing

@Suite("Reading a file")
struct ReadingTests {
    private static func code(_ text: String) -> String {
        SourceFile("A.swift", text).code.joined(separator: "\n")
    }

    @Test(
        "leaves comments and strings out of the code",
        arguments: [
            ("a // b", "a     "),
            ("a /* b /* c */ d */ e", "a                   e"),
            (#"a "b // c" d"#, #"a "      " d"#),
            (#"a "b \" c" d"#, #"a "      " d"#),
            (##"a #"b " \(c)"# d"##, ##"a #"        "# d"##),
            (#"a "b \(c("d") + e) f" g"#, #"a "  \(c(" ") + e)  " g"#),
            ("a \"\"\"\n b \" }\n \"\"\" c", "a \"\"\"\n      \n \"\"\" c"),
            ("a \"b\nc", "a \" \nc"),
            ("#if x", "#if x"),
        ])
    func separates(_ text: String, _ code: String) {
        #expect(Self.code(text) == code)
    }

    @Test("keeps comments, and only those, as comments")
    func comments() {
        let file = SourceFile("A.swift", "a // b\n\"// c\"\n/* d\n e */ f")
        #expect(file.comments == ["  // b", "      ", "/* d", " e */  "])
    }

    @Test(
        "finds functions with a body",
        arguments: [
            ("func f() {\n}", [2]),
            ("protocol P {\n func f()\n func g(a: Int)\n}\nfunc h() { }", [1]),
            ("func f(\n a: () -> Int = { 1 }\n) -> [Int] where A: B\n{\n}\n", [5]),
            ("struct S { init() {}; static let x = S.init(); let y = T { }\n }", [1]),
            ("func f() { // }\n let x = \"}\"\n}", [3]),
            ("func f() {\n func g() {\n }\n}", [4, 2]),
            ("protocol P { init(x: Int) }\nstruct S {\n}", []),
        ] as [(String, [Int])])
    func functions(_ text: String, _ lineCounts: [Int]) {
        #expect(Function.all(in: SourceFile("A.swift", text)).map(\.lineCount) == lineCounts)
    }

    @Test(
        "finds what a line imports",
        arguments: [
            ("import NIOCore", "NIOCore"), ("@testable import Wire", "Wire"),
            ("@_spi(X) package import Wire", "Wire"), ("import struct Wire.Reply", "Wire"),
            ("    import Glibc", "Glibc"), ("#if canImport(Glibc)", nil), ("important()", nil),
        ] as [(Substring, Substring?)])
    func imports(_ line: Substring, _ module: Substring?) {
        #expect(SourceFile.imported(by: line) == module)
    }
}
