// Tests the player itself, on a stage that answers what it is told to: a wrong expectation fails,
// and a hole in the text takes only what fits.

import Accounts
import OneTimeCodes
import Testing

/// Answers from a script, and notes what it was asked.
private final class ScriptedStage: Stage {
    private var replies: [String]
    private(set) var heard: [String] = []
    private(set) var moments: [Instant] = []
    private(set) var isFinished = false

    init(_ replies: [String]) { self.replies = replies }

    func set(_ now: Instant) { moments.append(now) }

    func ask(_ line: String, as speaker: Speaker) throws -> String {
        switch speaker {
        case .admin: heard.append("admin \(line)")
        case .watcher: heard.append("watcher \(line)")
        case .app(let name): heard.append("\(name) \(line)")
        }
        try #require(!replies.isEmpty)
        return replies.removeFirst()
    }

    func hear(as speaker: Speaker) throws -> String {
        heard.append("hears")
        try #require(!replies.isEmpty)
        return replies.removeFirst()
    }

    func restart() { heard.append("restart") }
    func configure(_ text: String) { heard.append("configured with \(text)") }
    func finish() { isFinished = true }
}

@Suite("The player of dialogues")
struct PlayerTests {
    private func play(
        _ text: String, _ replies: String...
    ) throws -> (heard: [String], moments: [Instant]) {
        let stage = ScriptedStage(replies)
        try Player.play(try DialogueParser.parse("# Test.\ndepths 1\n\(text)\n"), on: stage)
        #expect(stage.isFinished)
        return (stage.heard, stage.moments)
    }

    @Test(
        "accepts a reply that says the same",
        arguments: [
            (#"{"ok":true}"#, #"{"ok":true}"#),
            (#"{"a":1,"ok":true}"#, #"{"ok":true,"a":1}"#),
            (#"{"ok":false}"#, #"{"ok":false,"detail":"for people"}"#),
            (#"{"ok":false,"detail":"x"}"#, #"{"ok":false,"detail":"x"}"#),
            (#"{"a":["b","..."]}"#, #"{"a":["b"]}"#),
            (#"{"a":["..."]}"#, #"{"a":["b","c"]}"#),
            (#"{"a":["<b>","..."]}"#, #"{"a":["b","c"]}"#),
            (#"{"a":{"b":"<c>"}}"#, #"{"a":{"b":7}}"#),
        ])
    func accepts(_ expected: String, _ said: String) throws {
        _ = try play("-> {}\n<- \(expected)", said)
    }

    @Test(
        "refuses a reply that says anything else",
        arguments: [
            (#"{"ok":true}"#, #"{"ok":false}"#), (#"{"ok":true}"#, #"{"ok":1}"#),
            (#"{"ok":true}"#, #"{"ok":"true"}"#), (#"{"ok":true}"#, #"{}"#),
            (#"{"ok":true}"#, #"{"ok":true,"more":1}"#), (#"{"ok":true}"#, #"{"ok":true"#),
            (#"{"ok":true}"#, #"{"ok":true} "x""#), (#"{"ok":true}"#, #"{"ok":true,"ok":true}"#),
            (#"{"ok":false,"detail":"x"}"#, #"{"ok":false}"#),
            (#"{"ok":false,"detail":"x"}"#, #"{"ok":false,"detail":"y"}"#),
            (#"{"a":["b"]}"#, #"{"a":["b","c"]}"#), (#"{"a":["b","..."]}"#, #"{"a":[]}"#),
            (#"{"a":["b","..."]}"#, #"{"a":["c"]}"#), (#"{"a":{}}"#, #"{"a":{"b":1}}"#),
            (#"{"a":{"b":"<b>"}}"#, #"{"a":{}}"#), (#"{"a":1}"#, #"{"a":null}"#),
            (#"{"a":"\u00e9"}"#, #"{"a":"e\u0301"}"#),
        ])
    func refuses(_ expected: String, _ said: String) {
        #expect(throws: DialogueFault.self) { try play("-> {}\n<- \(expected)", said) }
    }

    @Test("remembers what a name stood for last")
    func bindings() throws {
        let ask = "-> {}\n<- "
        let text = ask + #"{"a":"<n>"}"# + "\n" + ask + #"{"a":"<n>","b":"<m>"}"# + "\n-> <n>,<m>\n"
        let played = try play(
            text + #"<- {"a":"<=m>"}"#, #"{"a":"1"}"#, #"{"a":"2","b":"3"}"#, #"{"a":"3"}"#)
        #expect(played.heard.last == "default 2,3")
        #expect(throws: DialogueFault.self) {
            try play(
                text + #"<- {"a":"<=n>"}"#, #"{"a":"1"}"#, #"{"a":"2","b":"3"}"#, #"{"a":"3"}"#)
        }
    }

    @Test("speaks for whom it should, and when")
    func speakers() throws {
        let played = try play(
            """
            -> one
            <- {}
            app shop
            -> two
            <- {}
            restart
            after 1h
            admin -> three
            admin <- {}
            at 2025-12-31T23:00:00Z
            """, "{}", "{}", "{}")
        #expect(played.heard == ["default one", "shop two", "restart", "admin three"])
        let beginning = Int64(1_767_225_600)
        let moments = [beginning + 3600, beginning - 3600].map { Instant(seconds: $0) }
        #expect(played.moments == moments)
    }

    /// RFC 6238, appendix B, at 59 s: 94287082 for SHA-1 in eight digits; the steps around it from
    /// RFC 4226, appendix D.
    @Test("knows the codes of the standard")
    func codes() throws {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        let played = try play(
            """
            at 1970-01-01T00:00:59Z
            -> <code \(secret)> <code \(secret) -1> <code \(secret) +1> <code \(secret) 8>
            <- {}
            -> <code \(secret) split>|<code \(secret) hyphened>|<code \(secret) arabic>
            <- {}
            -> <wrong \(secret)>
            <- {}
            """, "{}", "{}", "{}")
        #expect(played.heard[0] == "default 287082 755224 359152 94287082")
        #expect(played.heard[1] == "default 287 082|287-082|٢٨٧٠٨٢")
        let around = ["755224", "287082", "359152", "969429"]
        let wrong = played.heard[2].dropFirst("default ".count)
        #expect(wrong.utf8.count == 6 && !around.contains(String(wrong)))
    }

    @Test("knows the ways to write a backup code")
    func spellings() throws {
        let names = ["upper", "bare", "spaced", "confused"].map { "<b \($0)>" }
        let played = try play(
            "-> {}\n<- {\"b\":\"<b>\"}\n-> \(names.joined(separator: "|"))\n<- {}",
            #"{"b":"a0-1z"}"#, "{}")
        #expect(played.heard.last == "default A0-1Z|a01z|a 0 - 1 z |aO-lz")
    }

    @Test("says which package brings the clock of depth 3, when it is missing")
    func missingLibrary() throws {
        let fault = #expect(throws: (any Error).self) {
            try DaemonStage.library(under: "/usr/share")
        }
        #expect("\(String(describing: fault))".contains("install the package faketime"))
    }
}
