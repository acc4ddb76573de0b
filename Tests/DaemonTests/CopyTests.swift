// Copies that the real daemon writes: backups, and what a restore makes of them; exports, and what
// OpenSSL makes of them. Nothing readable may be in any file on the way.

import Accounts
import DaemonHarness
import Foundation
import LMDBStore
import Scratch
import Secrets
import Store
import Testing

@Suite("Copies by the real daemon", .serialized)
struct CopyTests {
    private let daemon: DaemonProcess
    private let place: TemporaryDirectory

    init() throws {
        daemon = try DaemonProcess.ready()
        place = try TemporaryDirectory()
    }

    private func backup(_ name: String) throws -> Reply {
        try daemon.askAsAdmin(#"{"op":"backup","path":"\#(place.path(of: name))"}"#)
    }

    private func restore(_ name: String) throws -> Restore.Report {
        let restore = try Restore(
            of: place.path(of: name), into: daemon.state, ring: KeyFile.read(daemon.keys),
            // The second that is under way has events already.
            at: Instant(seconds: Int64(time(nil)) + 1), by: Peer(uid: getuid(), pid: getpid()),
            voidsBackupCodes: false)
        return try restore.run(Job("restore"))
    }

    @Test("a code that was used after the backup is refused after its restore")
    func restored() throws {
        let ada = try daemon.imported("ada")
        let made = try backup("night")
        #expect(made.ok && made.accounts == 1 && made.events == 2)
        let check = try daemon.control([
            "check", "--state", place.path(of: "night"), "--keys", daemon.keys,
        ])
        #expect(check.ending == .exited(0), "\(check.printed)")

        let bob = try daemon.imported("bob")
        let used = [ada.code(), ada.code(1)]
        for code in used { #expect(try daemon.ask(ada.verifying(code)).ok) }
        #expect(throws: RestoreRefusal.self) { try restore("night") }
        try daemon.stop()
        let report = try restore("night")
        #expect(report.accounts == 1)
        try daemon.start()
        for code in used { #expect(try daemon.ask(ada.verifying(code)).error == "replayed") }
        #expect(try daemon.ask(bob.asking("status")).enrolled == false)
        #expect(try daemon.check().ending == .exited(0))
    }

    @Test("a backup is refused where there is something, and where nobody may write")
    func refused() throws {
        #expect(try backup("night").ok)
        let again = try backup("night")
        #expect(again.brief == "bad_request" && again.field == "path")
        #expect(again.detail == "there is something already")
        let nowhere = try backup("no/such/place")
        #expect(nowhere.detail?.hasPrefix("the directory that it would be in is not there") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["night"])
        let told = try daemon.control([
            "events", "--operation", "backup", "--socket", daemon.adminSocket,
        ]).printed.split(separator: "\n").dropFirst()
        let results = ["begun", "ok", "begun", "bad_request", "begun", "bad_request"]
        #expect(told.count == results.count)
        for (line, result) in zip(told, results) { #expect(line.contains("  \(result)  ")) }
    }

    @Test("an export is opened and proved by OpenSSL alone, and comes in again")
    func exported() throws {
        let people = try Person.many(40, "person")
        try daemon.admit(people)
        let ada = try daemon.imported("ada")
        let code = ada.code()
        #expect(try daemon.ask(ada.verifying(code)).ok)
        let passphrase = "correct horse \"battery\" stäple"
        let file = place.path(of: "accounts")
        let request = try JSONSerialization.data(withJSONObject: [
            "op": "export", "path": file, "passphrase": passphrase,
        ])
        let made = try daemon.askAsAdmin(String(decoding: request, as: UTF8.self))
        #expect(made.ok && made.accounts == 41 && made.unreadable == 0)
        let files = try FileManager.default.contentsOfDirectory(atPath: place.path)
        #expect(files.sorted() == ["accounts", "accounts.hmac"])

        var haystack = Haystack()
        try haystack.add(directory: place.path)
        #expect(haystack.places(of: Needle.text("secret", ada.secret)) == [])
        #expect(haystack.places(of: Needle.text("name", "person 1")) == [])

        let lines = try opened(file, passphrase).split(separator: "\n")
        #expect(lines.count == 41)
        let imports = lines.map { #"{"op":"import","# + $0.dropFirst() }
        let other = try DaemonProcess.ready()
        #expect(try other.connectAsAdmin().ask(imports).tally == ["ok": 41])
        #expect(try other.ask(ada.verifying(code)).error == "replayed")
        #expect(try other.ask(people[7].verifying(people[7].code())).ok)
        #expect(try !proves(file, "another passphrase"))
        try Data([1]).write(to: URL(filePath: file + "x"))
        #expect(try daemon.check().ending == .exited(0))
    }

    /// What protocol.md says to type, with the passphrase in a file.
    private func shell(_ script: String, _ passphrase: String) throws -> Child {
        let secret = place.path(of: "passphrase")
        try Data(passphrase.utf8).write(to: URL(filePath: secret))
        let text = script.replacing("openssl enc", with: "openssl enc -pass file:\(secret)")
        let child = try Child("/bin/sh", ["-c", text], environment: Program.environment())
        _ = try child.wait()
        return child
    }

    private func proves(_ file: String, _ passphrase: String) throws -> Bool {
        let script = """
            key() { openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -md sha256 -S "$1" -P | sed -n \
            's/^key=//p'; }
            read -r salt mac < \(file).hmac
            openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(key "$salt")" \(file) | grep "$mac"
            """
        return try shell(script, passphrase).wait() == .exited(0)
    }

    private func opened(_ file: String, _ passphrase: String) throws -> String {
        #expect(try proves(file, passphrase))
        let script =
            "openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -md sha256 -in \(file)"
        let child = try shell(script, passphrase)
        #expect(try child.wait() == .exited(0), "\(child.complaints)")
        return child.printed
    }
}
