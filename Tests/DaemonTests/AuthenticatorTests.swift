// Proof from outside: what a phone's camera and an authenticator app would do, done by programs
// that are not ours. zbarimg reads the picture, oathtool makes the code, and confirm takes it.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("An authenticator app and the real daemon", .serialized, .waits)
struct AuthenticatorTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    private func run(_ tool: String, _ package: String, _ arguments: [String]) throws -> String {
        let child = try Child(
            Program.tool(tool, package: package), arguments, environment: Program.environment())
        guard try child.wait() == .exited(0) else {
            throw HarnessFault("\(tool): \(child.complaints)")
        }
        return child.printed.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func scan(_ picture: String) throws -> String {
        try run("zbarimg", "zbar-tools", ["--quiet", "--raw", "--nodbus", picture])
    }

    /// What the camera reads from the `qr` of a reply.
    private func seen(_ qr: String, _ form: String) throws -> String {
        let png = daemon.directory.path(of: "qr.png")
        if form == "png" {
            let prefix = "data:image/png;base64,"
            #expect(qr.hasPrefix(prefix))
            let data = try #require(Data(base64Encoded: String(qr.dropFirst(prefix.count))))
            try data.write(to: URL(filePath: png))
        } else {
            let svg = daemon.directory.path(of: "qr.svg")
            try qr.write(toFile: svg, atomically: true, encoding: .utf8)
            _ = try run(
                "rsvg-convert", "librsvg2-bin", ["-w", "600", "-b", "white", "-o", png, svg])
        }
        return try scan(png)
    }

    /// What the app makes of a key URI.
    private struct Key {
        let label: String
        let parameters: [String: String]

        init(uri: String) throws {
            let parts = try #require(URLComponents(string: uri))
            #expect(parts.scheme == "otpauth" && parts.host == "totp")
            label = parts.path
            parameters = (parts.queryItems ?? []).reduce(into: [:]) { $0[$1.name] = $1.value }
        }

        var oathtool: [String] {
            [
                "--totp=\((parameters["algorithm"] ?? "SHA1").lowercased())",
                "--digits=\(parameters["digits"] ?? "6")",
                "--time-step-size=\(parameters["period"] ?? "30")s",
                "--base32", parameters["secret"] ?? "",
            ]
        }
    }

    @Test("the picture holds the URI, and its code is accepted", arguments: ["png", "svg", "text"])
    func picture(_ form: String) throws {
        let reply = try daemon.ask(
            #"{"op":"enroll","user":"17","label":"ada & co","issuer":"Müller","qr":"\#(form)"}"#)
        let (uri, qr) = (try #require(reply.uri), try #require(reply.qr))
        if form == "text" {
            #expect(qr.contains("█") || qr.contains("▀") || qr.contains("▄"))
        } else {
            #expect(try seen(qr, form) == uri)
        }
        let key = try Key(uri: uri)
        #expect(key.label == "/Müller:ada & co" && key.parameters["issuer"] == "Müller")
        #expect(key.parameters["secret"] == reply.secret)
        let code = try run("oathtool", "oathtool", key.oathtool)
        let confirm = #"{"op":"confirm","user":"17","code":"\#(code)"}"#
        #expect(try daemon.ask(confirm).backupCodes?.count == 10)
    }

    @Test(
        "every algorithm, length and period",
        arguments: ["SHA1", "SHA256", "SHA512"], [(6, 30), (7, 30), (8, 60), (6, 15), (8, 45)])
    func parameters(_ algorithm: String, _ form: (digits: Int, period: Int)) throws {
        let fields =
            #""algorithm":"\#(algorithm)","digits":\#(form.digits),"period":\#(form.period)"#
        let reply = try daemon.ask(#"{"op":"enroll","user":"ada","qr":"png",\#(fields)}"#)
        let (uri, qr) = (try #require(reply.uri), try #require(reply.qr))
        let key = try Key(uri: seen(qr, "png"))
        #expect(try Key(uri: uri).parameters == key.parameters)
        let code = try run("oathtool", "oathtool", key.oathtool)
        #expect(code.count == form.digits)
        #expect(try daemon.ask(#"{"op":"confirm","user":"ada","code":"\#(code)"}"#).ok)
        let again = try daemon.ask(#"{"op":"verify","user":"ada","code":"\#(code)"}"#)
        #expect(again.brief == "replayed")
    }
}
