// A whole life of an account, and then a search through all that the daemon wrote, keeps and shows:
// no secret, no code, no name, no key.

import DaemonHarness
import Foundation
import OneTimeCodes
import Patience
import Testing

@Suite("What the real daemon lets slip", .serialized, .waits)
struct SecretTests {
    private let daemon: DaemonProcess
    private let user = "ada.lovelace@analytical-engine.example"

    init() throws { daemon = try DaemonProcess.ready() }

    @Test("neither log, nor disk, nor process table has a secret, a code, a name or a key")
    func wholeLife() throws {
        var needles = Needle.text("the user", user) + Needle.text("the issuer", "Zuse Apparatebau")
        try needles += live() + copied()
        let line = try String(contentsOfFile: daemon.keys, encoding: .utf8)
        let key = try #require(line.split(whereSeparator: \.isWhitespace).last)
        needles += Needle.text("the key", String(key)) + Needle.raw("the key", Self.bytes(hex: key))

        // While it serves, and what stays when it is gone.
        try expectNothing(needles)
        try daemon.kill()
        var left = Haystack()
        try left.add(directory: daemon.state)
        left.add("standard error", Data(try daemon.log().utf8))
        #expect(left.places(of: needles) == [])
        // The search finds what is there.
        let known = Needle.text("a table", "guards") + Needle.text("the log", "ready")
        #expect(left.places(of: known).count >= 2)
    }

    private func expectNothing(_ needles: [Needle]) throws {
        var haystack = Haystack()
        try haystack.add(directory: daemon.state)
        for name in ["cmdline", "environ", "status"] {
            try haystack.add(process: daemon.pid, name)
        }
        haystack.add("standard error", Data(try daemon.log().utf8))
        #expect(haystack.byteCount > 20_000)
        #expect(haystack.places(of: needles) == [])
    }

    /// Enrols in each form, logs in, mistypes, uses backup codes, is locked, and is reset. Returns
    /// all that was secret about it.
    private func live() throws -> [Needle] {
        var needles: [Needle] = []
        let client = try daemon.connect()
        for form in ["svg", "png", "text"] {
            // A reset keeps the used step, so each form has its own user.
            let user = "\(form).\(user)"
            let reply = try client.ask(
                #"{"op":"enroll","user":"\#(user)","issuer":"Zuse Apparatebau","qr":"\#(form)"}"#)
            let secret = try #require(reply.secret)
            let person = try Person(user, secret: secret)
            needles += Needle.text("the secret", secret)
            let raw = try #require(Base32.decode(secret))
            needles += raw.withBytes { Needle.raw("the secret", Array($0)) }

            let wrong = person.wrongCodes(3)
            let code = person.code()
            _ = try client.ask(wrong.map { person.asking("confirm", $0) })
            let codes = try #require(client.ask(person.asking("confirm", code)).backupCodes)
            #expect(try client.ask(person.verifying(code)).brief == "replayed")
            needles += try remembered(person, on: client)
            #expect(try client.ask(person.verifying(codes[0])).ok)
            let again = try client.ask(person.asking("backup_codes", codes[1]))
            let newCodes = try #require(again.backupCodes)
            for wrong in wrong { _ = try client.ask(person.verifying(wrong)) }
            // A person's mistake: the secret in the wrong field, and lines cut or garbled.
            _ = try client.ask(person.verifying(secret))
            _ = try client.ask(person.verifying(code) + secret)
            #expect(try daemon.askAsAdmin(person.resetting).ok)
            #expect(try daemon.askAsAdmin(person.importing).ok)
            #expect(try daemon.askAsAdmin(person.resetting).ok)

            for code in codes + newCodes { needles += Needle.text("a backup code", code) }
            for code in wrong + [code, person.code(1)] { needles += Needle.text("a code", code) }
        }
        return needles
    }

    /// Has a browser remembered, and its token changed. Returns both, whole and in their halves.
    private func remembered(_ person: Person, on client: LineConnection) throws -> [Needle] {
        let first = try #require(client.ask(person.remembering(person.code(1))).device)
        let next = try #require(client.ask(person.trusting(first)).device)
        return [first, next].flatMap { token in
            let halves = token.split(separator: ".").map(String.init)
            return ([token] + halves).flatMap { Needle.text("a device's token", $0) }
        }
    }

    /// New keys, and copies of every kind beside the store. Returns what must not be in them.
    private func copied() throws -> [Needle] {
        let ada = try daemon.imported("copied.\(user)")
        let passphrase = "correct horse battery staple"
        let lines = [
            #"{"op":"rotate_key","key":"record"}"#, #"{"op":"rotate_key","key":"master"}"#,
            #"{"op":"backup","path":"\#(daemon.state)/copy"}"#,
            #"{"op":"export","path":"\#(daemon.state)/out","passphrase":"\#(passphrase)"}"#,
        ]
        for line in lines { #expect(try daemon.askAsAdmin(line).ok) }
        return Needle.text("the passphrase", passphrase) + Needle.text("the secret", ada.secret)
    }

    private static func bytes(hex: Substring) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { offset in
            UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
        }
    }

    @Test("a record that cannot be used is logged by its number, not by its name")
    func damaged() throws {
        let ada = try daemon.imported(user)
        try daemon.stop()
        try BitRot(daemon).flipOneBit(in: user)
        try daemon.start()
        #expect(try daemon.ask(ada.verifying(ada.code())).brief == "unavailable")
        let isLogged = try daemon.running().read { $0.contains("cannot be used") }
        #expect(isLogged)
        #expect(try !daemon.log().contains(user))
    }
}
