// totpctl when nobody answers, when the user is in another app, and when its output cannot be
// written: its exit status and its words say so.

import DaemonHarness
import Foundation
import Patience
import Scratch
import Testing

@Suite("totpctl, when something is amiss", .waits)
struct ControlSilenceTests {
    private let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    /// Puts a program of this name in front of PATH.
    private func pretend(_ name: String, _ script: String) throws -> [String: String] {
        let path = place.path(of: name)
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
        guard chmod(path, 0o755) == 0 else { throw HarnessFault.call("chmod \(path)") }
        return ["PATH": "\(place.path):/usr/bin:/bin"]
    }

    private func control(
        _ arguments: [String], _ environment: [String: String] = [:]
    ) throws -> (ending: Child.Ending, printed: String, complaints: String) {
        let tool = try Child(
            Program.path("totpctl"), arguments, environment: Program.environment(environment))
        return (try tool.wait(), tool.printed, tool.complaints)
    }

    private static let restarting = """
        echo LoadState=loaded
        echo ActiveState=activating
        echo SubState=auto-restart
        echo 'StatusText=cannot start: key file: it holds no key'
        echo NRestarts=42
        """

    @Test("of a daemon that restarts for ever, status says what systemd knows, within seconds")
    func restarting() throws {
        let silent = try SilentSocket(path: place.path(of: "admin.sock"))
        let environment = try pretend("systemctl", Self.restarting)
        let arguments = ["status", "--socket", silent.path, "--unit", "totpd.service"]
        let began = ContinuousClock.now
        let (ending, printed, said) = try control(arguments, environment)
        #expect(ending == .exited(1) && printed == "")
        #expect(said.contains("activating (auto-restart), restarted 42 times"), "\(said)")
        #expect(said.contains("cannot start: key file: it holds no key"), "\(said)")
        // Two are promised; other work on this machine makes it longer, and 10 would be an answer
        // waited for.
        #expect(ContinuousClock.now - began < .seconds(9))

        let json = try control(arguments + ["--json"], environment)
        #expect(json.ending == .exited(1))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.printed.utf8)) as? [String: Any])
        #expect(object["state"] as? String == "unanswered")
        #expect((object["systemd"] as? [String: Any])?["restarts"] as? Int == 42)
    }

    @Test("where nobody listens it says so, and what systemd knows")
    func nobody() throws {
        let environment = try pretend(
            "systemctl", "echo LoadState=not-found\necho ActiveState=inactive\necho SubState=dead")
        let path = place.path(of: "none.sock")
        let (ending, _, said) = try control(
            ["status", "--socket", path, "--unit", "totpd.service"], environment)
        #expect(ending == .exited(1))
        #expect(said.contains("cannot connect") && said.contains("systemd knows no totpd.service"))
        // A daemon elsewhere is of no unit.
        let elsewhere = try control(["status", "--socket", path], environment)
        #expect(!elsewhere.complaints.contains("knows"))
    }

    @Test("what cannot be written was not done", arguments: [["keygen"], ["keygen", "--help"]])
    func full(_ arguments: [String]) throws {
        let line = (["exec", try Program.path("totpctl")] + arguments).joined(separator: " ")
        let shell = try Child(
            "/bin/sh", ["-c", "\(line) > /dev/full"], environment: Program.environment())
        let ending = try shell.wait()
        // Help is printed by the parser of arguments, after which nothing is promised.
        if arguments.count == 1 {
            #expect(ending == .exited(1))
            #expect(shell.complaints.contains("could not be written"), "\(shell.complaints)")
        }
    }

    @Test("an argument that is not UTF-8 names nobody")
    func notUTF8() throws {
        let program = try Program.path("totpctl")
        let shell = try Child(
            "/bin/sh", ["-c", #"exec "$0" show "$(printf 'ada\377')""#, program],
            environment: Program.environment())
        #expect(try shell.wait() == .exited(64))
        #expect(shell.complaints.contains("argument 2 is not UTF-8"), "\(shell.complaints)")
    }

    @Test("the commands that keygen's help shows can be pasted")
    func help() throws {
        let help = try control(["keygen", "--help"]).printed
        let commands = help.components(separatedBy: "\n\n").filter {
            $0.contains("totpctl keygen ") && !$0.hasPrefix("USAGE")
        }
        #expect(commands.count == 2, "\(help)")
        let tools = try pretend(
            "systemd-creds", "echo \"$@\" > '\(place.path)/words'; cat > /dev/null")
        let program = URL(filePath: try Program.path("totpctl")).deletingLastPathComponent().path
        let path = "\(place.path):\(program):/usr/bin:/bin"
        for command in commands {
            let shell = try Child(
                "/bin/bash", ["-euo", "pipefail", "-c", "cd '\(place.path)'\n\(command)"],
                environment: Program.environment(tools.merging(["PATH": path]) { $1 }))
            #expect(try shell.wait() == .exited(0), "\(command): \(shell.complaints)")
        }
        let words = try String(contentsOfFile: place.path(of: "words"), encoding: .utf8)
        #expect(
            words == "encrypt --tpm2-pcrs= --name=totpd.keys - /etc/totpd/totpd.keys.cred\n")
        let key = try String(contentsOfFile: place.path(of: "totpd.keys"), encoding: .utf8)
        #expect(key.hasPrefix("totpd-master-key-1 "))
    }

    @Test("doctor prints one object, and finds a configuration and keys that will not do")
    func doctor() throws {
        let daemon = try DaemonProcess.ready()
        let environment = try pretend("systemd-creds", "exit 1")
        let credential = place.path(of: "sealed")
        try Data("x".utf8).write(to: URL(filePath: credential))
        let configuration = place.path(of: "totpd.toml")
        try Data("[app.default]\ndigits = 9\ncolour = 1\n".utf8).write(
            to: URL(filePath: configuration))
        let (ending, printed, _) = try control(
            [
                "doctor", "--json", "--socket", daemon.adminSocket, "--app-socket", daemon.socket,
                "--config", configuration, "--credential", credential,
            ], environment)
        #expect(ending == .exited(2))
        let report = try JSONDecoder().decode(Report.self, from: Data(printed.utf8))
        #expect(!report.ok)
        let bad = report.findings.filter { !$0.ok }
        // How this machine keeps its clock, and what room it has, is no matter here.
        #expect(
            bad.map(\.what).filter { $0 != "health" }.sorted() == [
                "configuration \(configuration)", "configuration \(configuration)",
                "master keys \(credential)",
            ], "\(printed)")
        #expect(bad.contains { $0.seen.contains("totpd.toml:2: app.default.digits") })
        #expect(bad.contains { $0.seen.contains("do not open on this host") })
        #expect(bad.allSatisfy { $0.do != nil })
        #expect(report.findings.contains { $0.what == "socket \(daemon.socket)" && $0.ok })

        let line = try String(contentsOfFile: daemon.keys, encoding: .utf8)
        let opens = try pretend("systemd-creds", "printf '%s' '\(line)'")
        let good = try control(
            [
                "doctor", "--socket", daemon.adminSocket, "--app-socket", daemon.socket,
                "--config", daemon.configuration, "--credential", credential,
            ], opens)
        let wrong = good.printed.split(separator: "\n").filter { $0.hasPrefix("BAD") }
        #expect(wrong.allSatisfy { $0.hasPrefix("BAD   health: degraded") }, "\(good.printed)")
        #expect(good.ending == .exited(wrong.isEmpty ? 0 : 2))
        #expect(good.printed.contains("they open: one key"))
        #expect(!good.printed.contains(line.split(separator: " ")[2].prefix(16)))
    }

    /// As systemd-creds writes it: the kind of key, four sizes, the IV, zeros up to a multiple of
    /// 8, and where a TPM has part in the key, a mask of PCRs; then what matters to nobody here.
    private static func sealed(_ kind: String, _ mask: UInt64?) throws -> Data {
        var bytes = stride(from: 0, to: 32, by: 2).compactMap { place in
            UInt8(kind.dropFirst(place).prefix(2), radix: 16)
        }
        for size in [32, 1, 12, 16] as [UInt8] { bytes += [size, 0, 0, 0] }
        bytes += [UInt8](repeating: 0xff, count: 12) + [0, 0, 0, 0]
        if let mask { withUnsafeBytes(of: mask.littleEndian) { bytes += $0 } }
        bytes += [UInt8](repeating: 0x80, count: 100)
        return Data(bytes).base64EncodedData(options: .lineLength76Characters)
    }

    @Test(
        "doctor warns of keys that an update of Secure Boot would lock away, and of no others",
        arguments: [
            ("93a894094874449090caf2fc93cab553", UInt64?(0x80), true),
            ("0c7cc07b117645919c4b0bea08bc20fe", 0x81, true),
            ("93a894094874449090caf2fc93cab553", 0, false),
            ("93a894094874449090caf2fc93cab553", 0x7f, false),
            ("5a1c6a86df9d4096b1d5a65e0862f19a", nil, false),
            ("00000000000000000000000000000000", 0x80, false),
        ])
    func secureBoot(_ kind: String, _ mask: UInt64?, _ isWarned: Bool) throws {
        let daemon = try DaemonProcess.ready()
        let credential = place.path(of: "sealed")
        try Self.sealed(kind, mask).write(to: URL(filePath: credential))
        let line = try String(contentsOfFile: daemon.keys, encoding: .utf8)
        let opens = try pretend("systemd-creds", "printf '%s' '\(line)'")
        let arguments = [
            "doctor", "--socket", daemon.adminSocket, "--app-socket", daemon.socket,
            "--config", daemon.configuration, "--credential", credential,
        ]
        let printed = try control(arguments, opens).printed
        #expect(printed.contains("they open: one key"))
        #expect(printed.contains("WARN  master keys \(credential)") == isWarned, "\(printed)")
        let mends = [
            "(umask 077; systemd-creds decrypt --name=totpd.keys \(credential) /root/totpd.keys)",
            "systemd-creds encrypt --tpm2-pcrs= --name=totpd.keys /root/totpd.keys \(credential)",
        ]
        for mend in mends { #expect(printed.contains(mend) == isWarned) }

        let shut = try pretend("systemd-creds", "exit 1")
        let (ending, refused, _) = try control(arguments, shut)
        #expect(ending == .exited(2) && refused.contains("do not open on this host"))
        #expect(refused.contains("bound to PCR 7") == isWarned)
    }

    private struct Report: Decodable {
        struct Finding: Decodable {
            let what: String
            let ok: Bool
            let seen: String
            let `do`: String?
        }

        let ok: Bool
        let findings: [Finding]
    }

    @Test("a user who is in another app is told of, wherever nobody was found")
    func otherApp() throws {
        let daemon = try DaemonProcess.ready()
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        let line = #"{"op":"import","app":"shop","user":"ada","secret":"\#(secret)"}"#
        #expect(try daemon.askAsAdmin(line).ok)
        let shown = try control(["show", "ada", "--socket", daemon.adminSocket])
        #expect(shown.ending == .exited(0) && shown.printed.contains("none"))
        #expect(shown.complaints.contains("in 'shop': --app shop"), "\(shown.complaints)")
        for arguments in [["unlock", "ada"], ["reset", "ada", "--reason", "lost phone", "--yes"]] {
            let refused = try control(arguments + ["--socket", daemon.adminSocket])
            #expect(refused.ending == .exited(2))
            let said = refused.complaints
            #expect(said.contains("--app shop") && said.contains("not_enrolled"), "\(said)")
        }
        let nobody = try control(["show", "bob", "--socket", daemon.adminSocket])
        #expect(!nobody.complaints.contains("--app"))
        let json = try control(["status", "--json", "--socket", daemon.adminSocket])
        let object = try JSONSerialization.jsonObject(with: Data(json.printed.utf8))
        #expect((object as? [String: Any])?["version"] is String)
    }

    @Test("a list that was cut short says so, and goes on where it was cut")
    func more() throws {
        let daemon = try DaemonProcess.ready()
        let people = try Person.many(5, "person")
        try daemon.admit(people)
        var users: Set<Substring> = []
        var cursor: String?
        repeat {
            let page = try control(
                ["users", "--limit", "2", "--socket", daemon.adminSocket]
                    + (cursor.map { ["--cursor", $0] } ?? []))
            #expect(page.ending == .exited(0))
            users.formUnion(page.printed.split(separator: "\n").dropFirst())
            cursor = page.complaints.components(separatedBy: "--cursor ").dropFirst().first
                .flatMap { $0.split(separator: " ").first.map(String.init) }
        } while cursor != nil
        #expect(users.count == 5)
        let events = try control(["events", "--limit", "1", "--socket", daemon.adminSocket])
        #expect(events.complaints.contains("older ones: --cursor "), "\(events.complaints)")
        #expect(
            try control(["events", "--limit", "100", "--socket", daemon.adminSocket])
                .complaints == "")
    }
}

/// Takes connections, as systemd's do, and answers none.
private final class SilentSocket {
    let path: String
    private let descriptor: Descriptor

    init(path: String) throws {
        self.path = path
        descriptor = try Descriptor(
            socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0), "socket")
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw HarnessFault("a path too long for a socket: \(path)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let number = descriptor.number
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, listen(number, 16) == 0 else { throw HarnessFault.call("bind \(path)") }
    }
}
