// What is reported as done under the unit is done, and what is not is said: copies that would go
// with the service, a reload that is refused, a service that cannot start, keys that do not open.

import DaemonHarness
import Foundation
import Testing

extension ServiceTests {
    @Suite(.serialized)
    struct DoneTests {
        private static let copies = "/var/backups/totpd"

        init() throws {
            try Service.fresh()
            try Host.run("find \(Self.copies) -mindepth 1 -delete")
        }

        private func reasons() throws -> [String] {
            try Service.askAsAdmin(#"{"op":"health"}"#).reasons ?? []
        }

        @Test("a copy that would go with the service is refused, with the path that works")
        func places() throws {
            try Host.run(
                """
                ln -s /tmp \(Self.copies)/link
                ln -s /var/tmp/.. \(Self.copies)/up
                """)
            for place in ["/tmp", "/var/tmp", "\(Self.copies)/link", "\(Self.copies)/up/tmp"] {
                let refused = try Host.attempt("totpctl backup \(place)/copy")
                #expect(refused.ending == .exited(2))
                #expect(refused.complaints.contains("of its own"), "\(refused.complaints)")
                #expect(refused.complaints.contains("below \(Self.copies)"))
                let line =
                    #"{"op":"export","path":"\#(place)/list","#
                    + #""passphrase":"correct horse battery staple"}"#
                #expect(try Service.askAsAdmin(line).detail?.contains("of its own") == true)
            }
            #expect(try reasons().contains("backup_failed"))
            #expect(try reasons().contains("export_failed"))
            for place in ["/etc", "/usr", "/root", "/home"] {
                let refused = try Host.attempt("totpctl backup \(place)/copy")
                #expect(refused.ending == .exited(2))
                #expect(refused.complaints.contains("below \(Self.copies)"), "\(place)")
                #expect(!refused.complaints.contains("Read-only file system"))
            }
            try Host.run("totpctl backup \(Self.copies)/copy; [ -s \(Self.copies)/copy/data.mdb ]")
            #expect(try !reasons().contains("backup_failed"))
            let told = try Host.run(
                "journalctl --unit totpd --output cat TOTPD_OP=backup | tail -n 2")
            #expect(told == "backup: begun\nbackup: ok")
        }

        @Test("a reload of a wrong configuration fails, and one that is refused is seen")
        func reload() throws {
            try Host.write("[app.default]\ndigits = 9\n", to: Service.configuration)
            let reload = try Host.attempt("systemctl reload totpd.service")
            #expect(reload.ending != .exited(0))
            // It was not asked to take anything.
            #expect(try !reasons().contains("configuration_refused"))
            #expect(try Service.property("ActiveState") == "active")
            // Without systemd's check it refuses by itself.
            try Host.run("kill -HUP \(Service.mainPID())")
            try Service.eventually("the refusal") {
                try reasons().contains("configuration_refused")
            }
            let status = try Host.attempt("totpctl status")
            #expect(status.ending == .exited(2))
            #expect(status.printed.contains("totpd --check-config"), "\(status.printed)")
            let line = try Service.property("StatusText")
            #expect(line.contains("the last reload was refused"), "\(line)")
            try Host.write("[app.default]\ndigits = 8\n", to: Service.configuration)
            try Host.run("systemctl reload totpd.service")
            try Service.eventually("the reload") {
                try !reasons().contains("configuration_refused")
            }
        }

        @Test("of a service that cannot start, status says why, within seconds")
        func restarting() throws {
            try Host.write("[app.default]\ndigits = 9\n", to: Service.configuration)
            _ = try Host.attempt("systemctl restart --no-block totpd.service")
            try Service.eventually("its words") {
                try Service.property("StatusText").contains("cannot start")
            }
            let status = try Host.attempt("time -p totpctl status")
            #expect(status.ending == .exited(1))
            #expect(status.complaints.contains("cannot start: \(Service.configuration):2"))
            #expect(status.complaints.contains("activating"), "\(status.complaints)")
            let real = status.complaints.split(separator: "\n").first { $0.hasPrefix("real ") }
            #expect(real.flatMap { Double($0.dropFirst(5)) } ?? 60 < 5, "\(status.complaints)")
            let doctor = try Host.attempt("totpctl doctor")
            #expect(doctor.ending == .exited(2))
            #expect(doctor.printed.contains("BAD   configuration \(Service.configuration)"))
            try Host.run("rm \(Service.configuration)")
        }

        @Test("doctor looks at each app's socket, and opens the key as the next start will")
        func doctor() throws {
            let well = try Host.attempt("totpctl doctor")
            #expect(well.printed.contains("master keys \(Service.sealedKey): they open: one key"))
            #expect(well.printed.contains("ok    socket \(Service.socket): totpd answers"))
            // systemd hands sockets over at a start alone.
            try Host.run("systemctl stop totpd.service; systemctl start totpd-app@shop.socket")
            try Host.run("systemctl start totpd.service")
            let shop = try Host.attempt("totpctl doctor").printed
            #expect(shop.contains("ok    socket /run/totpd/shop.sock"), "\(shop)")
            try Host.run("cp \(Service.sealedKey) /run/sealed; : > \(Service.sealedKey)")
            let broken = try Host.attempt("totpctl doctor --json")
            try Host.run("cp /run/sealed \(Service.sealedKey)")
            try Host.run("systemctl stop totpd-app@shop.socket")
            #expect(broken.ending == .exited(2))
            #expect(broken.printed.contains("do not open on this host"), "\(broken.printed)")
        }
    }
}
