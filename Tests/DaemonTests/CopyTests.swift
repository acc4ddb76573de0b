// Copies that the real daemon writes: backups, and what a restore makes of them; exports, and what
// OpenSSL makes of them. Nothing readable may be in any file on the way.

import Accounts
import DaemonHarness
import Foundation
import LMDBStore
import Patience
import Scratch
import Secrets
import Store
import Testing

@Suite("Copies by the real daemon", .serialized, .waits)
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

        let list = try opened(file, passphrase)
        let lines = try #require(list).split(separator: "\n")
        #expect(lines.count == 41)
        let imports = lines.map { #"{"op":"import","# + $0.dropFirst() }
        let other = try DaemonProcess.ready()
        #expect(try other.connectAsAdmin().ask(imports).tally == ["ok": 41])
        #expect(try other.ask(ada.verifying(code)).error == "replayed")
        #expect(try other.ask(people[7].verifying(people[7].code())).ok)
        #expect(try opened(file, "another passphrase") == nil)
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

    /// The lines of protocol.md themselves.
    private func recipe(for file: String) throws -> String {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = tests.deletingLastPathComponent().appending(path: "protocol.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex { $0.hasPrefix("    key() {") })
        let recipe = lines[first...].prefix { $0.hasPrefix("    ") }.joined(separator: "\n")
        try #require(recipe.contains("accounts.hmac") && recipe.contains("openssl enc -d"))
        return recipe.replacing("accounts", with: file)
    }

    /// Nil where nothing is opened because the file is not proved.
    private func opened(_ file: String, _ passphrase: String) throws -> String? {
        let child = try shell(recipe(for: file), passphrase)
        guard try child.wait() == .exited(0) else {
            #expect(child.printed.isEmpty, "something was read that was not proved")
            return nil
        }
        return child.printed
    }

    @Test("an export that was changed is not opened, whatever is left of its proof")
    func tampered() throws {
        try daemon.admit(Person.many(3, "person"))
        let file = place.path(of: "accounts")
        let passphrase = "correct horse battery staple"
        let made = try daemon.askAsAdmin(
            #"{"op":"export","path":"\#(file)","passphrase":"\#(passphrase)"}"#)
        #expect(made.ok)
        let (list, proof) = (URL(filePath: file), URL(filePath: file + ".hmac"))
        let whole = try Data(contentsOf: list)
        let line = try String(contentsOf: proof, encoding: .utf8)
        #expect(try opened(file, passphrase) != nil)

        var changed = whole
        changed[whole.count / 2] ^= 1
        try changed.write(to: list)
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        try #require(words.count == 2)
        let left = [
            line, "", "\n", words[0], "\(words[0]) \n", "\(words[0]) .\n", "\(words[0]) .*\n",
            "\(words[0]) =\n", "\(words[0]) \(words[1].prefix(1))\n", "\(words[1])\n",
        ]
        for proof in left {
            try Data(proof.utf8).write(to: URL(filePath: file + ".hmac"))
            #expect(try opened(file, passphrase) == nil, "with \(proof.count) bytes of it")
        }
        try FileManager.default.removeItem(at: proof)
        #expect(try opened(file, passphrase) == nil)
        try Data(line.utf8).write(to: proof)
        try whole.dropLast().write(to: list)
        #expect(try opened(file, passphrase) == nil)
    }
}
