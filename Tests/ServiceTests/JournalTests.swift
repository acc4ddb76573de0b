// What an admin finds in the journal: every admin operation and every alert by its fields, and no
// user by name.

import DaemonHarness
import Foundation
import Testing

extension ServiceTests {
    @Suite(.serialized)
    struct JournalTests {
        init() throws {
            try Service.fresh()
            try Host.run("journalctl --rotate --vacuum-time=1s 2>/dev/null; rm -f /run/test-clock")
        }

        @Test("an admin operation is one entry, with fields to ask for")
        func operation() throws {
            let ada = Account("ada@example.org")
            #expect(try Service.askAsAdmin(ada.importing(app: "shop")).ok)
            let reset = #"{"op":"reset","app":"shop","user":"\#(ada.user)","reason":"Ada's phone"}"#
            #expect(try Service.askAsAdmin(reset).ok)
            #expect(try Service.ask(ada.verifying("123456")).brief == "not_enrolled")

            let entries = try Service.journal("TOTPD_OP=reset TOTPD_APP=shop")
            #expect(entries.count == 1)
            let entry = try #require(entries.first)
            #expect(entry["MESSAGE"] == "reset, app shop: ok" && entry["PRIORITY"] == "5")
            #expect(entry["TOTPD_RESULT"] == "ok" && entry["TOTPD_PEER_UID"] == "0")
            #expect(entry["_SYSTEMD_UNIT"] == "totpd.service" && entry["_COMM"] == "totpd")
            #expect(try Service.journal("TOTPD_OP=import").count == 1)
            #expect(try Service.journal("TOTPD_OP=verify").isEmpty)
            let all = try Host.run("journalctl --no-pager --output=export -u totpd")
            #expect(!all.contains("ada@") && !all.contains("Ada's"))
        }

        @Test("the failure that locks an account is found by TOTPD_RESULT=locked")
        func locked() throws {
            try Service.preload()
            try Host.run("systemctl restart totpd.service")
            let ada = Account("ada")
            try Service.admit([ada])
            let client = try Service.connect()
            var answers: [Reply] = []
            for failure in 0..<101 {
                // Past every wait; the account's own codes are of another time and count for none.
                try Host.write("\((failure + 1) * 3_601)", to: "/run/test-clock")
                answers.append(try client.ask(ada.verifying(ada.wrongCode())))
            }
            #expect(answers.tally == ["wrong_code": 100, "locked": 1])
            let entries = try Service.journal("TOTPD_RESULT=locked")
            #expect(entries.count == 1)
            let entry = try #require(entries.first)
            #expect(entry["MESSAGE"] == "alert: verify, app default: locked")
            #expect(entry["TOTPD_ALERT"] == "locked" && entry["PRIORITY"] == "4")
        }

        @Test("a flood of admin operations leaves a few entries, which count the rest")
        func bounded() throws {
            let crowd = (0..<3_000).map { Account("ada \($0)") }
            try Service.admit(crowd)
            let entries = try Service.journal("TOTPD_OP=import")
            // A burst of twenty, of which a machine takes ten at once that nobody has told to take
            // more (net.unix.max_dgram_qlen), and one a second.
            #expect((5..<200).contains(entries.count))
            // Another one tells of those that were left out, once there may be another one.
            try Service.eventually("an entry that counts") {
                _ = try Service.askAsAdmin(crowd[0].asking("show"))
                return try Service.journal("TOTPD_OP=show").contains { $0["TOTPD_LEFT_OUT"] != nil }
            }
            let counted = try Service.journal("TOTPD_APP=default").reduce(0) { sum, entry in
                sum + 1 + (entry["TOTPD_LEFT_OUT"].flatMap { Int($0) } ?? 0)
            }
            #expect(counted >= crowd.count)
        }
    }
}
