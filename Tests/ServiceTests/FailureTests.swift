// What goes wrong, and where it ends: in a daemon that serves again, or in a state that says what
// is wrong. Never in an open door: whoever asks meanwhile gets no yes.

import DaemonHarness
import Foundation
import Testing

extension ServiceTests {
    @Suite(.serialized)
    struct FailureTests {
        private let ada = Account("ada")

        init() throws {
            try Host.run("rm -f /run/test-disk-hangs")
            try Service.fresh()
            try Service.admit([ada])
        }

        /// Whether a client that asks now hears nothing, for a moment.
        private func expectSilence(_ client: LineConnection) throws {
            #expect(try !client.hasLine(Deadline(seconds: 0.3)))
        }

        @Test("a writer that hangs is ended by the watchdog, and what was asked is decided once")
        func hangingWriter() throws {
            try Service.preload(adding: "WatchdogSec=2")
            try Host.run("systemctl restart totpd.service")
            let pid = try Service.mainPID()
            let code = ada.rightCode()
            let verify = ada.verifying(code, attempt: "hanging-writer-attempt")
            try Host.write("", to: "/run/test-disk-hangs")
            let client = try Service.connect()
            try client.send(verify)
            try Service.eventually("the watchdog's end of it") {
                try Service.property("NRestarts") != "0"
            }
            #expect(try client.receive() == nil)
            let log = try Host.run("journalctl --sync; journalctl --no-pager -u totpd -o cat")
            #expect(log.contains("Watchdog timeout (limit 2s)!"))
            #expect(log.contains("status=6/ABRT"))
            #expect(!log.contains("Fatal error") && !log.contains("registers"))

            try Host.run("rm /run/test-disk-hangs")
            let again = try Service.connect()
            #expect(try again.ask(verify).ok)
            #expect(try Service.mainPID() != pid)
            #expect(try again.ask(ada.verifying(code)).brief == "replayed")
        }

        @Test("a key that does not open the store: it says so, tries again, and nobody gets a yes")
        func wrongKey() throws {
            try Host.run(
                """
                mv \(Service.sealedKey) /etc/totpd/kept
                totpctl keygen | systemd-creds encrypt --name=totpd.keys - \(Service.sealedKey)
                """)
            #expect(try Host.attempt("systemctl restart totpd.service").ending != .exited(0))
            let client = try Service.connect()
            try client.send(ada.verifying(ada.rightCode()))
            try Service.eventually("a second try") {
                try Int(Service.property("NRestarts")) ?? 0 >= 2
            }
            try Service.eventually("the reason, where people look") {
                try Service.property("StatusText").hasPrefix("cannot start: ")
                    && Service.property("StatusText").contains("is sealed under master key")
            }
            try expectSilence(client)
            for unit in ["totpd.socket", "totpd-admin.socket"] {
                #expect(try Service.property("ActiveState", of: unit) == "active")
            }

            try Host.run("mv /etc/totpd/kept \(Service.sealedKey)")
            // It is found by the next try, without anybody's help.
            #expect(try client.reply().ok)
        }

        @Test("a credential that this host cannot open: systemd says so, and tries again")
        func unopenableCredential() throws {
            try Host.run(
                """
                mv \(Service.sealedKey) /etc/totpd/kept
                head -c 256 /dev/urandom | base64 >\(Service.sealedKey)
                """)
            #expect(try Host.attempt("systemctl restart totpd.service").ending != .exited(0))
            let client = try Service.connect()
            try client.send(ada.verifying(ada.rightCode()))
            try Service.eventually("a second try") {
                try Int(Service.property("NRestarts")) ?? 0 >= 2
            }
            try Service.eventually("an end that says that it is none") {
                try Service.property("Result") == "exit-code"
            }
            try expectSilence(client)
            #expect(try Service.property("ActiveState", of: "totpd.socket") == "active")
            let log = try Host.run("journalctl --sync; journalctl --no-pager -u totpd -o cat")
            #expect(log.contains("status=243/CREDENTIALS"))

            try Host.run("mv /etc/totpd/kept \(Service.sealedKey)")
            #expect(try client.reply().ok)
        }

        @Test("a daemon that crashes again and again comes back each time, a second later")
        func crashLoop() throws {
            let client = try Service.connect()
            for crash in 1...8 {
                kill(try Service.mainPID(), SIGSEGV)
                try Service.eventually("restart \(crash)") {
                    try Service.property("NRestarts") == "\(crash)"
                        && Service.property("ActiveState") == "active"
                }
            }
            #expect(try client.receive() == nil)
            #expect(try Service.ask(ada.verifying(ada.rightCode())).ok)
            // Where a kernel puts what is left of a process, and where systemd does.
            let cores = "find / -maxdepth 1 -name 'core*'; find /var/lib/systemd/coredump -type f"
            #expect(try Host.attempt(cores).printed == "")
        }

        @Test(
            "a daemon that takes too much memory is ended, and comes back",
            .enabled(if: hasMemoryController, "this machine has no memory controller"))
        func outOfMemory() throws {
            try Service.dropIn("MemoryMax=8M")
            _ = try Host.attempt("systemctl restart totpd.service")
            try Service.eventually("an end for want of memory") {
                try Service.property("Result") == "oom-kill"
            }
            try Service.removeDropIn()
            try Service.eventually("a service that serves") {
                try Service.property("ActiveState") == "active"
            }
            #expect(try Service.ask(ada.verifying(ada.rightCode())).ok)
        }

        private static let hasMemoryController =
            (FileManager.default.contents(atPath: "/sys/fs/cgroup/cgroup.controllers") ?? Data())
            .split(separator: UInt8(ascii: " ")).contains(Data("memory".utf8))
    }
}
