// docs/operate.md's "Step by step", as a new operator goes through it: every command that stands
// there is run, in its order, as it stands there.

import DaemonHarness
import Foundation
import Testing

extension ServiceTests {
    @Suite(.serialized)
    struct OperatingTests {
        /// Where the operator types, with the package beside it.
        private static let place = "/root/operating"

        /// A paragraph that begins with its name in bold, and the commands below it.
        private struct Step {
            let name: String
            let commands: String
        }

        private let steps: [Step]

        init() throws {
            steps = try Self.steps(in: Host.source("../../docs/operate.md"))
            try Host.wipe()
            try Host.run(
                """
                rm -rf \(Self.place) /run/test-clock; mkdir \(Self.place)
                cp '\(Host.package())' \(Self.place)
                """)
        }

        /// Throws when there are commands that belong to no step.
        private static func steps(in path: String) throws -> [Step] {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let section = text.split(separator: "\n## ").first { $0.hasPrefix("Step by step\n") }
            guard let section else { throw HarnessFault("docs/operate.md has no such section") }
            let steps = section.split(separator: "\n**").dropFirst().compactMap { paragraph in
                let parts = paragraph.split(separator: "```")
                guard let name = paragraph.split(separator: ".**").first, parts.count > 1,
                    parts[1].hasPrefix("sh\n")
                else { return nil as Step? }
                return Step(name: String(name), commands: String(parts[1].dropFirst(3)))
            }
            guard section.split(separator: "```sh\n").count - 1 == steps.count else {
                throw HarnessFault("docs/operate.md has commands that belong to no step")
            }
            return steps
        }

        private func commands(_ name: String) throws -> String {
            guard let step = steps.first(where: { $0.name == name }) else {
                throw HarnessFault("docs/operate.md does not say how to: \(name)")
            }
            return step.commands
        }

        private func go(_ name: String) throws -> String {
            print("\(name):")
            let said = try Host.run("cd \(Self.place)\n\(commands(name))")
            print(said)
            return said
        }

        @Test("install, ask, look, new keys, back up, restore elsewhere, upgrade and remove")
        func everything() throws {
            let (ada, bob) = (Account("ada"), Account("bob"))
            #expect(try go("Install").contains("Status: \"serving "))
            try Service.admit([ada, bob])
            let first = try go("First app")
            #expect(first.contains(#""app":"default""#) && first.contains(#""app":"shop""#))
            let reset = #"{"op":"reset","user":"bob","reason":"lost phone"}"#
            #expect(try Service.askAsAdmin(reset).ok)
            let looked = try go("Look at it")
            #expect(looked.contains("TOTPD_OP=reset") && looked.contains(", 0 problems"))
            #expect(looked.contains("lost phone") && looked.contains(": ok\n"))

            let before = try key()
            let rotated = try go("New keys")
            #expect(rotated.contains("master key ") && rotated.contains("record key "))
            let after = try key()
            #expect(after != before && after.hasSuffix(before))

            let (now, next) = (ada.verifying(ada.rightCode()), ada.verifying(ada.rightCode(1)))
            #expect(try Service.ask(now).ok)
            #expect(try go("Back up").contains(", 0 problems"))
            try moveToOtherHost()
            #expect(try go("Restore on another host").contains("events are in '/var/lib/totpd'"))
            // The copy knows of neither what was used after it was made, nor what was not.
            #expect(try Service.ask(now).brief == "replayed")
            #expect(try Service.ask(next).brief == "replayed")
            try Host.write("120", to: "/run/test-clock")
            #expect(try Service.ask(ada.verifying(ada.rightCode(4))).ok)
            try Host.run("rm /run/test-clock")
            try Service.removeDropIn()

            let later = try Package.versions(["0.9.9"])
            try Host.run("cd \(Self.place); rm *.deb; cp '\(later[0])' totpd_0.9.9_later.deb")
            _ = try go("Upgrade")
            #expect(try Host.run("dpkg-query --show --showformat='${Version}' totpd") == "0.9.9")
            #expect(try Service.ask(ada.asking("status")).enrolled == true)
            #expect(try go("Remove").contains("are left in"))
            #expect(try Host.run("find /etc -name '*totpd*'") == "")
            #expect(try Host.run("getent passwd totpd || echo gone") == "gone")
        }

        @Test("no command of it is left out here")
        func all() {
            #expect(
                steps.map(\.name) == [
                    "Install", "First app", "Look at it", "New keys", "Back up",
                    "Restore on another host", "Upgrade", "Remove", "By hand",
                ])
        }

        private func key() throws -> String {
            try Host.run("systemd-creds decrypt --name=totpd.keys \(Service.sealedKey) -")
        }

        /// It has the two copies, and nothing else of this one; and a clock in our hand, for codes
        /// of a later moment.
        private func moveToOtherHost() throws {
            try Host.run(
                """
                mv /var/backups/totpd/* \(Self.place)/state
                mv /root/totpd.keys \(Self.place)/totpd.keys
                """)
            try Host.wipe()
            try Host.run("rm /var/lib/systemd/credential.secret")
            try Service.preload()
        }

        @Test("by hand it serves too, until it is told to end")
        func byHand() throws {
            _ = try go("Install")
            // Signals reach the daemon, and not the shell that it was typed in.
            let typed = try commands("By hand").replacing("\ntotpd ", with: "\nexec totpd ")
            let shell = try Child(
                "/bin/bash", ["-euc", "cd \(Self.place)\n\(typed)"],
                environment: Program.environment(["LC_ALL": "C.UTF-8"]))
            #expect(try shell.read { $0.contains("ready") })
            #expect(try Service.ask(#"{"op":"hello"}"#, on: "\(Self.place)/totpd.sock").ok)
            shell.signal(SIGTERM)
            #expect(try shell.wait() == .exited(0))
        }
    }
}
