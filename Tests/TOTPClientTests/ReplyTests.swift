// Which lines are a yes. A line that is not surely a yes is a no.

import Testing

@testable import TOTPClient

@Suite struct ReplyTests {
    @Test(
        "a yes is an object whose ok is a literal true",
        arguments: [
            #"{"ok":true}"#,
            #"{"ok":true,"method":"totp","backup_codes_left":0}"#,
            #"{"id":7,"ok":true}"#,
            #"{"id":"a\"b\\\u00e9\/\n","ok":true}"#,
            "  {\t\"ok\" :\ttrue , \"x\":[ ] }\r",
            #"{"ok":true,"limits":{"ok":false,"a":[1,-0.5e+3,null,{"b":{}}]},"ops":["verify"]}"#,
            // "ok": true is a yes whatever else is said.
            #"{"ok":true,"error":"wrong_code"}"#,
            #"{"ok":true,"user":"é"}"#,
        ])
    func yes(line: String) {
        #expect(Reply(line: Array(line.utf8)).isYes)
    }

    @Test(
        "everything else is a no",
        arguments: [
            // Another value, another type, another place.
            "", " ", "{}", "true", "ok", #""ok""#, "[]", #"["ok",true]"#,
            #"{"ok":false}"#, #"{"ok":false,"error":"wrong_code"}"#,
            #"{"ok":"true"}"#, #"{"ok":1}"#, #"{"ok":null}"#, #"{"ok":[true]}"#,
            #"{"ok":{"ok":true}}"#, #"{"result":{"ok":true}}"#, #"[{"ok":true}]"#,
            #"{"OK":true}"#, #"{"ok ":true}"#, #"{"":true}"#, #"{"error":"ok\":true"}"#,
            #"{"ok":TRUE}"#, #"{"ok":True}"#, #"{"ok":truee}"#, #"{"ok":tru}"#,
            // Twice there, also in disguise; any name twice.
            #"{"ok":true,"ok":true}"#, #"{"ok":true,"ok":false}"#, #"{"ok":false,"ok":true}"#,
            #"{"ok":true,"\u006fk":false}"#, #"{"\u006fk":true}"#,
            #"{"ok":true,"a":1,"a":1}"#,
            // Something before or after.
            #"{"ok":true}{"ok":false}"#, #"{"ok":true}x"#, #"{"ok":true},"#, #"{"ok":true}}"#,
            #"x{"ok":true}"#, "\u{feff}{\"ok\":true}", "{\"ok\":true}\0", "\0{\"ok\":true}",
            "{\"ok\":\u{a0}true}", "{\"ok\":true}\u{b}",
            // Not JSON.
            "{ok:true}", "{'ok':true}", #"{"ok"=true}"#, #"{"ok" true}"#, #"{,"ok":true}"#,
            #"{"ok":true,}"#, #"{"ok":true,,"a":1}"#, #"{"ok":true "a":1}"#, #"{"ok":true;}"#,
            #"{"ok":true,"a"}"#, #"{"ok":true,"a":}"#, #"{"ok":true,"a":01}"#,
            #"{"ok":true,"a":1.}"#, #"{"ok":true,"a":.5}"#, #"{"ok":true,"a":+1}"#,
            #"{"ok":true,"a":-}"#, #"{"ok":true,"a":1e}"#, #"{"ok":true,"a":0x1}"#,
            #"{"ok":true,"a":NaN}"#, #"{"ok":true,"a":[1,]}"#, #"{"ok":true,"a":[1}"#,
            #"{"ok":true,"a":{"b":1]}"#, #"{"ok":true,"a":{"b"}}"#, #"{"ok":true,"a":{1:2}}"#,
            #"{"ok":true,"a":"\x"}"#, #"{"ok":true,"a":"\u12g4"}"#, #"{"ok":true,"a":"\u12"}"#,
            #"{"ok":true,"a":"\"}"#, "{\"ok\":true,\"a\":\"\t\"}", "{\"ok\":true}/*yes*/",
        ])
    func no(line: String) {
        #expect(!Reply(line: Array(line.utf8)).isYes)
    }

    @Test("a yes cut short at any byte is a no, and so is one with a byte that is not UTF-8")
    func truncated() {
        let line = Array(#"{"id":"é","ok":true,"limits":{"a":[1,2]},"n":-1.5e3}"#.utf8)
        #expect(Reply(line: line).isYes)
        for end in line.indices { #expect(!Reply(line: Array(line[..<end])).isYes, "\(end)") }
        for place in line.indices {
            var broken = line
            broken[place] = 0xff
            #expect(!Reply(line: broken).isYes, "\(place)")
        }
    }

    @Test("depth has a limit, so that no reply can exhaust the stack")
    func depth() {
        func nested(_ depth: Int) -> Reply {
            let open = String(repeating: "[", count: depth)
            let close = String(repeating: "]", count: depth)
            return Reply(line: Array(#"{"ok":true,"a":\#(open)\#(close)}"#.utf8))
        }
        #expect(nested(15).isYes)
        #expect(!nested(16).isYes)
        #expect(!nested(500_000).isYes)
    }

    @Test("a reply does not print what it holds")
    func printing() {
        let reply = Reply(line: Array(#"{"ok":true,"secret":"GEZDGNBV"}"#.utf8))
        #expect("\(reply)" == "<reply>")
        #expect(String(reflecting: reply) == "<reply>")
        var dumped = ""
        dump(reply, to: &dumped)
        #expect(!dumped.contains("GEZ") && !dumped.contains("71"))
        #expect(reply.text.contains("GEZDGNBV"))
    }
}
