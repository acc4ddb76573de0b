// What is a dialogue and what is not. For each thing the language has, a text that misuses it: a
// dialogue that cannot fail to be read would pass whatever it says.

import Accounts
import Testing
import Wire

/// A text that is no dialogue, and where and why.
struct Misuse: Sendable, CustomTestStringConvertible {
    let lines: [String]
    let line: Int
    let reason: String
    var testDescription: String { reason }

    init(_ line: Int, _ reason: String, _ lines: String...) {
        (self.line, self.reason, self.lines) = (line, reason, lines)
    }

    static let hello = #"-> {"op":"hello"}"#
    static let yes = #"<- {"ok":true}"#
    static let bindsA = #"<- {"ok":true,"a":"<a>"}"#

    static let structure: [Misuse] = [
        Misuse(0, "begins with a sentence"),
        Misuse(1, "begins with a sentence", hello, yes),
        Misuse(1, "begins with a sentence", "# No full stop", hello, yes),
        Misuse(1, "begins with a sentence", "#No space.", hello, yes),
        Misuse(1, "nothing is asked", "# Empty."),
        Misuse(2, "nothing is asked", "# Only a clock.", "after 30s"),
        Misuse(2, "its reply", "# No reply.", hello),
        Misuse(3, "its reply", "# Two questions.", hello, hello, yes),
        Misuse(3, "its reply", "# A gap.", hello, "", yes),
        Misuse(3, "its reply", "# The wrong socket.", hello, #"admin <- {"ok":true}"#),
        Misuse(3, "its reply", "# The other wrong socket.", "admin " + hello, yes),
        Misuse(2, "nothing asked for", "# An answer.", "admin <- {}", hello, yes),
        Misuse(2, "is no directive", "# An answer.", yes),
        Misuse(2, "is no directive", "# A typo.", "aftre 30s", hello, yes),
        Misuse(2, "is no directive", "# A space too many.", " -> {}", yes),
        Misuse(2, "is no directive", "# No space.", "#like this", hello, yes),
        Misuse(2, "is no directive", "# No space.", "->{}", yes),
        Misuse(3, "is no directive", "# Late header.", "after 1s", "depths 1 2", hello, yes),
        Misuse(2, "some of 1 2 3", "# Header.", "depths", hello, yes),
        Misuse(2, "some of 1 2 3", "# Header.", "depths 0", hello, yes),
        Misuse(2, "some of 1 2 3", "# Header.", "depths 1 4", hello, yes),
        Misuse(2, "some of 1 2 3", "# Header.", "depths 1 1", hello, yes),
        Misuse(2, "needs the header", "# Two apps.", "app shop", hello, yes),
        Misuse(3, "no name of an app", "# Two apps.", "depths 1 2", "app Shop", hello, yes),
        Misuse(2, "is no directive", "# Too much.", "restart now", hello, yes),
        Misuse(2, "'end' without", "# Loop.", "end", hello, yes),
        Misuse(4, "without 'end'", "# Loop.", "repeat 2", hello, yes),
        Misuse(3, "nothing to repeat", "# Loop.", "repeat 2", "end", hello, yes),
        Misuse(2, "number from 2", "# Loop.", "repeat", "end", hello, yes),
        Misuse(2, "number from 2", "# Loop.", "repeat 1", hello, yes, "end"),
        Misuse(2, "number from 2", "# Loop.", "repeat 1001", hello, yes, "end"),
    ]

    static let times: [Misuse] = [
        "at", "at now", "at 2026-01-01", "at 2026-02-29T00:00:00Z", "at 2026-01-01T24:00:00Z",
        "at 2026-01-01T00:00:00", "at 2026-13-01T00:00:00Z", "at 2026-00-01T00:00:00Z",
        "at 2026-01-00T00:00:00Z", "at 1969-12-31T23:59:59Z", "at 2026-01-01t00:00:00Z",
        "at 2026-01-01T00:60:00Z", "at 2026-01-01T00:00:60Z", "at 2026-01-01T00:00:00Z later",
        "after", "after 30", "after s", "after 0s", "after -30s", "after 1.5m", "after 30 s",
        "after 1w", "after 100001s",
    ].map { Misuse(2, " ", "# A clock.", $0, hello, yes) }

    static let requests: [Misuse] = [
        ("<b>", "no reply before this has bound 'b'"), ("<a", "without '>'"),
        ("<>", "no reply before"), ("< a>", "no reply before"), ("<a b>", "no spelling"),
        ("<a upper bare>", "one spelling"), ("<code>", "names no secret"),
        ("<code b>", "no name bound before"), ("<code GEZDGNBVGY3TQOJ>", "no name bound"),
        ("<code GEZDGNBVGY3TQOJ0>", "no name bound"), ("<code a +x>", "says nothing"),
        ("<code a MD5>", "says nothing"), ("<code a 9>", "says nothing"),
        ("<code a 14>", "says nothing"), ("<code a 61>", "says nothing"),
        ("<code a 6 7>", "twice"), ("<code a SHA256 SHA512>", "twice"),
        ("<code a -1 +1>", "twice"), ("<wrong a -1>", "belongs to no step"),
        ("<wrong>", "names no secret"), ("<code  a>", "no name bound before"),
    ].map { hole, reason in
        Misuse(4, reason, "# A hole.", hello, bindsA, #"-> {"code":"\#(hole)"}"#, yes)
    }

    static let replies: [Misuse] = [
        (#"{"ok":true"#, "not strict JSON"), (#"{"ok":true,"ok":true}"#, "not strict JSON"),
        ("true", "not strict JSON"), (#"{"ok":1.0}"#, "not strict JSON"), ("", "not strict JSON"),
        (#"{"a":"..."}"#, "end of an array only"), (#"{"a":["...","b"]}"#, "end of an array only"),
        (#"{"a":"<A>"}"#, "is no name"), (#"{"a":"<>"}"#, "is no name"),
        (#"{"a":"<a b>"}"#, "is no name"), (#"{"a":"<code>"}"#, "is no name"),
        (#"{"a":"<1a>"}"#, "is no name"), (#"{"a":"<=b>"}"#, "has bound 'b'"),
        (#"{"a":"<c>","b":"<c>"}"#, "bound twice"), (#"{"a":["<c>","<c>"]}"#, "bound twice"),
        (#"{"a":{"b":"<C>"}}"#, "is no name"),
    ].map { reply, reason in Misuse(3, reason, "# A reply.", hello, "<- " + reply) }
}

@Suite("The language of dialogues")
struct ParserTests {
    private func parse(_ lines: String...) throws -> Dialogue {
        try DialogueParser.parse(lines.joined(separator: "\n") + "\n")
    }

    @Test("has all its words")
    func words() throws {
        let dialogue = try parse(
            "# All of it.", "depths 1 2", "", "at 2040-02-29T12:34:56Z", "after 2m", "# Aside",
            "-> {}", #"<- {"ok":false,"a":"<a>"}"#, "app shop", "restart",
            "admin -> <a upper>no json <code a -1 SHA512 8 60><wrong a>", "admin <- {}", "repeat 3",
            "after 1d", "end")
        #expect(dialogue.title == "All of it.")
        #expect(dialogue.depths == [.dispatcher, .sockets])
        #expect(dialogue.steps.map(\.line) == [4, 5, 7, 9, 10, 11, 14, 14, 14])
        guard case .at(let moment) = dialogue.steps[0].kind,
            case .after(let time) = dialogue.steps[1].kind,
            case .exchange(.admin, let template, let reply) = dialogue.steps[5].kind
        else {
            Issue.record("these are other steps")
            return
        }
        #expect(moment == Instant(seconds: 2_214_131_696))
        #expect(time == .minutes(2))
        #expect(reply.isEmpty)
        var code = CodeHole(secret: .name("a"), isWrong: false)
        (code.stepOffset, code.algorithm, code.digits, code.period) = (-1, "SHA512", 8, 60)
        let expected: [Template.Piece] = [
            .bound(name: "a", .upper), .text("no json "), .code(code),
            .code(CodeHole(secret: .name("a"), isWrong: true)),
        ]
        #expect(template.pieces == expected)
    }

    @Test("runs at every depth unless it says otherwise")
    func depths() throws {
        let dialogue = try parse("# Short.", Misuse.hello, Misuse.yes)
        #expect(dialogue.depths == Set(Depth.allCases))
    }

    @Test(
        "refuses what it does not know",
        arguments: Misuse.structure + Misuse.times + Misuse.requests + Misuse.replies)
    func refuses(_ misuse: Misuse) throws {
        let text = misuse.lines.map { $0 + "\n" }.joined()
        let fault = #expect(throws: DialogueFault.self) { try DialogueParser.parse(text) }
        #expect(fault?.line == misuse.line)
        #expect(fault?.reason.contains(misuse.reason) == true, "\(String(describing: fault))")
    }

    @Test("sends a CR at the end of a line as it is")
    func carriageReturn() throws {
        let dialogue = try parse("# CR.", "-> {}\r", "<- {}")
        guard case .exchange(.app, let template, _) = dialogue.steps[0].kind else {
            Issue.record("this is no exchange")
            return
        }
        #expect(template.pieces == [.text("{}\r")])
    }

    @Test("says where it stands in its file")
    func places() {
        let fault = #expect(throws: DialogueFault.self) {
            try DialogueParser.parse("# Late.\nnonsense\n", firstLine: 40)
        }
        #expect(fault?.line == 41)
    }

    @Test("knows the calendar", arguments: [0, 951_782_400, 1_767_225_600, 2_214_131_696])
    func calendar(seconds: Int64) {
        let written = ISOMoment.frozen(Instant(seconds: seconds))
        let text = written.replacing(" ", with: "T") + "Z"
        #expect(ISOMoment.parse(text[...]) == Instant(seconds: seconds))
    }

    @Test("takes the blocks of a document, and no others")
    func fences() throws {
        let text = "a\n```dialogue\n# One.\n```\n```\nplain\n```\n```dialogue\n# Two.\nx\n```\n"
        let blocks = try Texts.blocks(of: text, name: "p")
        #expect(blocks.map(\.text) == ["# One.", "# Two.\nx"])
        #expect(blocks.map(\.firstLine) == [3, 9])
    }

    @Test(
        "refuses fences that would not be run",
        arguments: ["```dialog\n```", "```dialogue \n```", "```dialogue\n```json\n```", "```\n"])
    func badFences(_ text: String) {
        #expect(throws: DialogueFault.self) { try Texts.blocks(of: text, name: "p") }
    }
}
