// Sockets of single apps: the instance's name decides for whom a connection speaks, whatever the
// request says.

import DaemonHarness
import Foundation
import Testing

extension ServiceTests {
    @Suite(.serialized)
    struct SocketTests {
        init() throws { try Service.fresh() }

        /// The way that the unit and docs/operate.md give.
        private func enable(_ app: String) throws {
            try Host.run(
                """
                systemctl enable totpd-app@\(app).socket
                systemctl restart totpd.service
                """)
        }

        private func disable(_ apps: [String]) throws {
            for app in apps { try Host.run("systemctl disable --now totpd-app@\(app).socket") }
        }

        @Test("an app's own socket speaks for it alone, and one service answers on all")
        func instances() throws {
            let pid = try Service.mainPID()
            try enable("shop")
            try enable("b2b-portal.v2")
            defer { #expect(throws: Never.self) { try disable(["shop", "b2b-portal.v2"]) } }
            #expect(try Service.mainPID() != pid)
            let shop = "/run/totpd/shop.sock"
            #expect(try Service.ask(#"{"op":"hello"}"#, on: shop).app == "shop")
            let portal = "/run/totpd/b2b-portal.v2.sock"
            #expect(try Service.ask(#"{"op":"hello"}"#, on: portal).app == "b2b-portal.v2")
            #expect(try Service.ask(#"{"op":"hello"}"#).app == "default")
            #expect(try Host.run("stat --format='%a %U %G' \(shop)") == "660 root totpd")

            let ada = Account("ada")
            #expect(try Service.askAsAdmin(ada.importing(app: "shop")).ok)
            let verify = ada.verifying(ada.rightCode())
            #expect(try Service.ask(verify).brief == "not_enrolled")
            #expect(try Service.ask(verify, on: portal).brief == "not_enrolled")
            let naming = verify.replacing("{", with: #"{"app":"shop","#, maxReplacements: 1)
            #expect(try Service.ask(naming, on: portal).brief == "not_permitted")
            #expect(try Service.ask(verify, on: shop).ok)
            let status = try Service.property("StatusText")
            let served = status.split(separator: " ", maxSplits: 1)[1].split(separator: ", ")
            #expect(served.contains("app b2b-portal.v2") && served.contains("app shop"))
        }

        @Test("an app that is switched off has no door, at once and after a restart")
        func switchedOff() throws {
            try enable("shop")
            #expect(try Service.ask(#"{"op":"hello"}"#, on: "/run/totpd/shop.sock").ok)
            try disable(["shop"])
            #expect(throws: HarnessFault.self) { try Service.connect("/run/totpd/shop.sock") }
            #expect(try Service.ask(#"{"op":"hello"}"#).ok)
            try Host.run("systemctl restart totpd.service")
            #expect(throws: HarnessFault.self) { try Service.connect("/run/totpd/shop.sock") }
        }

        @Test(
            "an app called like another socket does not take its place",
            arguments: ["admin", "totpd"])
        func sameName(_ app: String) throws {
            let result = try Host.attempt("systemctl start totpd-app@\(app).socket")
            #expect(result.ending != .exited(0))
            #expect(try Service.askAsAdmin(#"{"op":"hello"}"#).ops?.contains("reset") == true)
            #expect(try Service.ask(#"{"op":"hello"}"#).app == "default")
            #expect(try Host.run("stat --format=%a /run/totpd/admin.sock") == "600")
        }

        @Test("a name that is no app's keeps the service from starting, and the status says why")
        func badName() throws {
            try Host.run("systemctl enable totpd-app@SHOP.socket")
            defer { #expect(throws: Never.self) { try disable(["SHOP"]) } }
            #expect(try Host.attempt("systemctl restart totpd.service").ending != .exited(0))
            #expect(
                try Service.property("StatusText")
                    == "cannot start: the socket named 'app.SHOP' speaks for nobody:"
                    + " FileDescriptorName= must be admin, apps or app.NAME")
            try Host.run("systemctl stop totpd.service")
        }

        /// What a process of a Unix user is answered: for which app it speaks, or why not.
        private func hears(_ user: String, _ path: String) throws -> String {
            let result = try Host.attempt(
                """
                runuser --user \(user) -- sh -c \
                    'echo "{\\"op\\":\\"hello\\"}" | socat -t5 - UNIX-CONNECT:\(path)'
                """)
            if result.complaints.contains("Permission denied") { return "no door" }
            let reply = try Reply(result.printed)
            return reply.app ?? reply.brief
        }

        /// For whom each user speaks on the sockets of all apps, of shop, of mail, and of admins.
        private func expect(_ heard: [String: [String]]) throws {
            let sockets = ["totpd", "shop", "mail", "admin"].map { "/run/totpd/\($0).sock" }
            for (user, words) in heard {
                #expect(try sockets.map { try hears(user, $0) } == words, "\(user)")
            }
        }

        @Test("each opens for the users of its app alone, though all may connect")
        func apart() throws {
            for user in ["shop", "mail", "web"] {
                // As README.md has it for every app's user.
                try Host.run(
                    """
                    getent passwd \(user) >/dev/null || useradd --system \(user)
                    usermod --append --groups totpd \(user)
                    """)
            }
            try enable("shop")
            try enable("mail")
            defer { #expect(throws: Never.self) { try disable(["shop", "mail"]) } }
            let no = "not_permitted"
            let shut = ["no door", "no door", "no door", "no door"]
            try expect([
                "shop": ["shop", "shop", no, "no door"], "mail": ["mail", no, "mail", "no door"],
                "web": ["default", no, no, "no door"], "nobody": shut,
            ])
            // Where the file names somebody, that counts, on both sockets and without a restart.
            try Host.write("[app.shop]\nusers = [\"web\"]\n", to: Service.configuration)
            try Host.run("systemctl reload totpd.service")
            try Service.eventually("the file counts") {
                try hears("web", "/run/totpd/shop.sock") == "shop"
            }
            try expect([
                "shop": [no, no, no, "no door"], "mail": ["mail", no, "mail", "no door"],
                "web": ["shop", "shop", no, "no door"], "nobody": shut,
            ])
        }

        @Test("the kernel queues as many connections as it allows, at each")
        func queue() throws {
            try enable("shop")
            defer { #expect(throws: Never.self) { try disable(["shop"]) } }
            let most = try #require(Int(Host.run("cat /proc/sys/net/core/somaxconn")))
            for name in ["totpd", "admin", "shop"] {
                let path = "/run/totpd/\(name).sock"
                #expect(try ListenQueue.most(at: path) == min(most, 4096), "\(name)")
            }
        }
    }
}
