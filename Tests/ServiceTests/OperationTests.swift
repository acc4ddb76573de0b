// Every operation inside the sandbox, typed as an admin types it: what the system call filter or a
// read-only path forbids shows as an answer that is no yes. An operation that nobody asks for here
// is a failure, so that none goes out that was never tried in there.

import DaemonHarness
import Foundation
import OneTimeCodes
import Testing

extension ServiceTests {
    @Suite(.serialized)
    struct OperationTests {
        private static let configuration = """
            [app.default]
            users = ["root"]
            [app.default.limits.login]
            max = 5
            per = 60
            [app.shop]
            users = ["www-data"]
            groups = ["mail"]

            """
        private static let copies = "/var/backups/totpd"
        private static let passphrase = "correct horse battery staple"

        init() throws {
            try Service.fresh()
            try Host.run("find \(Self.copies) -mindepth 1 -delete; rm -f /run/test-clock")
            try Host.write(Self.configuration, to: Service.configuration)
            try Host.run("systemctl reload totpd.service")
        }

        /// What socat brings back; only the first line of what goes on.
        private func type(_ line: String, on path: String) throws -> String {
            try Host.run(
                """
                echo "$LINE" | socat -t 5 - 'UNIX-CONNECT:\(path)' >/run/answer
                head -n 1 /run/answer
                """, environment: ["LINE": line])
        }

        private func ask(_ line: String, on path: String = Service.adminSocket) throws -> Reply {
            try Reply(type(line, on: path))
        }

        /// The operations whose lines were answered with a yes.
        private func asked(
            _ lines: [String], on path: String = Service.adminSocket
        ) throws -> Set<String> {
            var operations: Set<String> = []
            for line in lines {
                let answer = try type(line, on: path)
                #expect(answer.hasPrefix(#"{"ok":true"#), "\(line): \(answer)")
                let words = line.split(separator: #"""#)
                #expect(words.count > 3 && words[1] == "op")
                operations.insert(String(words[3]))
            }
            return operations
        }

        @Test("every operation is answered with a yes")
        func everyOperation() throws {
            let ada = Account("ada")
            var done = try asked(
                [
                    ada.importing, #"{"op":"hello"}"#, ada.asking("show"),
                    #"{"op":"unlock","user":"ada"}"#, #"{"op":"apps"}"#, #"{"op":"users"}"#,
                    #"{"op":"sources"}"#, #"{"op":"clear_source","source":"203.0.113.7"}"#,
                    #"{"op":"check"}"#,
                    #"{"op":"rotate_key","key":"master"}"#, #"{"op":"rotate_key","key":"record"}"#,
                    #"{"op":"backup","path":"\#(Self.copies)/copy"}"#,
                    #"{"op":"export","path":"\#(Self.copies)/list","passphrase":"#
                        + #""\#(Self.passphrase)"}"#,
                    #"{"op":"events","order":"newest"}"#, #"{"op":"watch"}"#,
                    #"{"op":"stats"}"#, #"{"op":"metrics"}"#, #"{"op":"health"}"#,
                ])
            done.formUnion(try appOperations(ada))
            done.formUnion(try operationsOfSeveral())
            done.formUnion(try asked([#"{"op":"reset","user":"ada","reason":"a test"}"#]))
            let offered = Set(try ask(#"{"op":"hello"}"#).ops ?? [])
            // It needs a configuration with `drift_max`.
            #expect(offered.subtracting(done) == ["resync"])

            // Before a copy is refused because its place is read-only, which the log says.
            let log = try Host.run("journalctl --sync; journalctl --no-pager -u totpd -o cat")
            #expect(!log.contains("Operation not permitted") && !log.contains("Read-only"))
            try expectCopies()
            try expectClockIsSeen()
        }

        /// A person's life with a second factor.
        private func appOperations(_ ada: Account) throws -> Set<String> {
            let enrolling = #"{"op":"enroll","user":"bob","qr":"png"}"#
            var done = try asked(
                [
                    ada.asking("status"), ada.verifying(ada.rightCode()), ada.asking("history"),
                    #"{"op":"limit","name":"login","key":"203.0.113.7"}"#,
                    enrolling, #"{"op":"cancel","user":"bob"}"#,
                ], on: Service.socket)
            let text = try #require(try ask(enrolling, on: Service.socket).secret)
            let bob = Account("bob", secret: try #require(Base32.decode(text)))
            let confirming = #"{"op":"confirm","user":"bob","code":"\#(bob.rightCode())"}"#
            #expect(try ask(confirming, on: Service.socket).backupCodes?.count == 10)
            let renewing = #"{"op":"backup_codes","user":"bob","code":"\#(bob.rightCode(1))"}"#
            let renewed = try ask(renewing, on: Service.socket)
            let codes = try #require(renewed.backupCodes, "\(renewed.brief)")
            let remembering =
                #"{"op":"verify","user":"bob","code":"\#(codes[0])","remember":true}"#
            let token = try #require(try ask(remembering, on: Service.socket).device)
            done.formUnion(
                try asked(
                    [
                        #"{"op":"trusted","user":"bob","device":"\#(token)"}"#,
                        bob.asking("forget"),
                        #"{"op":"disable","user":"bob","code":"\#(codes[1])"}"#,
                    ], on: Service.socket))
            return done.union(["confirm", "backup_codes"])
        }

        /// Of somebody who has a phone and a token; the account is gone afterwards.
        private func operationsOfSeveral() throws -> Set<String> {
            let (phone, token) = (Account("cyd"), Account("cyd"))
            let adding = String(token.importing.dropLast()) + #","add":true}"#
            let removing =
                #"{"op":"remove","user":"cyd","authenticator":2,"code":"\#(phone.rightCode())"}"#
            return try asked([phone.importing, adding])
                .union(asked([removing], on: Service.socket))
                .union(
                    asked([
                        #"{"op":"rename","user":"cyd","to":"dee"}"#,
                        #"{"op":"reset","user":"dee","reason":"a test"}"#,
                    ]))
        }

        /// The copies are what they are said to be, without the daemon.
        private func expectCopies() throws {
            let copy = try Host.run(
                """
                umask 077
                systemd-creds decrypt --name=totpd.keys \(Service.sealedKey) /run/totpd.keys
                totpctl check --state \(Self.copies)/copy --keys /run/totpd.keys
                """)
            #expect(copy.hasPrefix("1 accounts, ") && copy.hasSuffix(" 0 problems"))
            let list = try Host.run(
                """
                openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -md sha256 \
                    -in \(Self.copies)/list -pass 'pass:\(Self.passphrase)'
                """)
            #expect(list.hasPrefix(#"{"user":"ada","secret":""#))
            // Nowhere but there, and in the state.
            let elsewhere = try ask(#"{"op":"backup","path":"/etc/copy"}"#)
            #expect(elsewhere.detail?.contains("read-only") == true, "\(elsewhere.brief)")
        }

        /// What the kernel may not be asked in there, a file of systemd's tells.
        private func expectClockIsSeen() throws {
            let health = #"{"op":"health"}"#
            #expect(try type(health, on: Service.adminSocket).contains(#""clock":"unknown""#))
            let mark = "/run/systemd/timesync/synchronized"
            try Host.write("", to: mark)
            #expect(try type(health, on: Service.adminSocket).contains(#""clock":"synchronized""#))
            try Host.run("rm \(mark)")
        }

        @Test("records are sealed anew to the last; a clock that jumped makes no event old")
        func upkeep() throws {
            try Service.preload()
            // Events of ten days ago.
            try Host.write("-864000", to: "/run/test-clock")
            try Host.run("systemctl restart totpd.service")
            let crowd = (0..<2_000).map { Account("ada \($0)") }
            try Service.admit(crowd)
            try Host.run("rm /run/test-clock; systemctl restart totpd.service")
            #expect(try ask(#"{"op":"rotate_key","key":"record"}"#).ok)
            try Service.eventually("an end of the first change") {
                try ask(#"{"op":"rotate_key","key":"record"}"#).brief != "busy"
            }
            #expect(try Service.check().hasSuffix(", 0 problems"))

            let days = Self.configuration + "[events]\nkeep_days = 1\n"
            try Host.write(days, to: Service.configuration)
            try Host.run("systemctl reload totpd.service")
            // These days were not lived through: RetentionTests have such as were.
            let health = try ask(#"{"op":"health"}"#)
            #expect(health.reasons?.contains("clock_jumped") == true, "\(health)")
            #expect(try ask(#"{"op":"check"}"#).events ?? 0 > crowd.count)
            let report = try Service.check()
            #expect(report.hasPrefix("2000 accounts, ") && report.hasSuffix(", 0 problems"))
        }
    }
}
