// Somebody with an authenticator app: the secret, the codes it shows now, and codes it never shows.

import DaemonHarness
import Foundation
import OneTimeCodes
import Secrets

struct Person: Sendable {
    let user: String
    let secret: String
    private let bytes: SecretBytes
    private let parameters: CodeParameters

    init(_ user: String, secret: String, _ parameters: CodeParameters = .standard) throws {
        guard let bytes = Base32.decode(secret) else { throw HarnessFault("no base32: \(secret)") }
        (self.user, self.secret, self.bytes, self.parameters) = (user, secret, bytes, parameters)
    }

    /// Somebody with a fresh secret.
    init(_ user: String) throws {
        try self.init(user, secret: Base32.encode(Randomness.secret(20)))
    }

    /// The same with one more authenticator.
    func withAnother() throws -> Person {
        try Person(user, secret: Base32.encode(Randomness.secret(20)))
    }

    static func many(_ count: Int, _ name: String) throws -> [Person] {
        try (0..<count).map { try Person("\(name) \($0)") }
    }

    /// The step of this moment.
    private var step: Int64 { TOTP.step(at: Int64(time(nil)), period: parameters.period) }

    /// The code of this step, or of one after it. Both stay in the daemon's window for a whole
    /// period, so that no test need care where in a step it runs.
    func code(_ later: Int64 = 0) -> String {
        TOTP.code(secret: bytes, step: step + later, parameters: parameters).text
    }

    /// `count` codes that no step near this moment has.
    func wrongCodes(_ count: Int) -> [String] {
        let now = step
        let right = Set(
            (-4...4).map { TOTP.code(secret: bytes, step: now + $0, parameters: parameters).text })
        var codes: [String] = []
        var draw = 4711
        while codes.count < count {
            draw = (draw + 7919) % 1_000_000
            let text = String(draw)
            let code = String(repeating: "0", count: 6 - text.count) + text
            if !right.contains(code) { codes.append(code) }
        }
        return codes
    }

    func wrongCode() -> String { wrongCodes(1)[0] }

    // MARK: Lines

    var importing: String { #"{"op":"import","user":"\#(user)","secret":"\#(secret)"}"# }
    var adding: String {
        #"{"op":"import","user":"\#(user)","secret":"\#(secret)","add":true}"#
    }
    var showing: String { #"{"op":"show","user":"\#(user)"}"# }
    var resetting: String { #"{"op":"reset","user":"\#(user)","reason":"a test"}"# }

    func verifying(_ code: String, attempt: String? = nil) -> String {
        let attempt = attempt.map { #","attempt":"\#($0)""# } ?? ""
        return #"{"op":"verify","user":"\#(user)","code":"\#(code)"\#(attempt)}"#
    }

    func asking(
        _ operation: String, _ code: String? = nil, attempt: String? = nil
    ) -> String {
        let code = code.map { #","code":"\#($0)""# } ?? ""
        let attempt = attempt.map { #","attempt":"\#($0)""# } ?? ""
        return #"{"op":"\#(operation)","user":"\#(user)"\#(code)\#(attempt)}"#
    }

    func remembering(_ code: String) -> String {
        #"{"op":"verify","user":"\#(user)","code":"\#(code)","remember":true}"#
    }

    func trusting(_ token: String) -> String {
        #"{"op":"trusted","user":"\#(user)","device":"\#(token)"}"#
    }

    /// Enrols `user` without confirming.
    static func enrolling(_ user: String, on connection: LineConnection) throws -> Person {
        let reply = try connection.ask(#"{"op":"enroll","user":"\#(user)"}"#)
        guard let secret = reply.secret else { throw HarnessFault("enroll: \(reply.brief)") }
        return try Person(user, secret: secret)
    }

    /// Enrols and confirms `user`; the code of the next step is the first that is left.
    static func enrolled(
        _ user: String, on connection: LineConnection
    ) throws -> (Person, backupCodes: [String]) {
        let person = try enrolling(user, on: connection)
        let reply = try connection.ask(person.asking("confirm", person.code()))
        guard let codes = reply.backupCodes else { throw HarnessFault("confirm: \(reply.brief)") }
        return (person, codes)
    }
}

extension DaemonProcess {
    /// Somebody whose secret was imported, so that no code of it is used.
    func imported(_ user: String) throws -> Person {
        let person = try Person(user)
        try admit([person])
        return person
    }

    func admit(_ people: [Person]) throws {
        let replies = try connectAsAdmin().ask(people.map(\.importing))
        guard replies.allSatisfy(\.ok) else { throw HarnessFault("import: \(replies.tally)") }
    }

    /// Puts one more authenticator beside those of each.
    func admitOthers(_ people: [Person]) throws -> [Person] {
        let others = try people.map { try $0.withAnother() }
        let replies = try connectAsAdmin().ask(others.map(\.adding))
        guard replies.allSatisfy(\.ok) else { throw HarnessFault("import: \(replies.tally)") }
        return others
    }

    /// Has every line arrive at one moment: the daemon stands still while they are sent, each group
    /// on a connection of its own. Returns the replies of each connection in order.
    func burst(_ groups: [[String]], onAdmin adminLines: [String] = []) throws -> [[Reply]] {
        var clients = try groups.map { _ in try connect() }
        if !adminLines.isEmpty { clients.append(try connectAsAdmin()) }
        // Each connection has been accepted, so that nothing but the lines is left to come.
        for client in clients { _ = try client.ask(#"{"op":"hello"}"#) }
        let all = groups + (adminLines.isEmpty ? [] : [adminLines])
        try running().freeze()
        let pairs = Array(zip(clients, all)).shuffled()
        for (client, lines) in pairs { try client.send(lines.joined(separator: "\n")) }
        try running().signal(SIGCONT)
        return try zip(clients, all).map { client, lines in
            try lines.map { _ in try client.reply() }
        }
    }
}
