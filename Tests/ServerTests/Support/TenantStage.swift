// A dispatcher over memory for two apps, and each app's own memory of the secrets it was given. It
// compares nothing: it says what came back, without what is random in it.

import Accounts
import Configuration
import Foundation
import InlineWork
import OneTimeCodes
import SeededRandom
import Server
import Store
import Testing
import Wire

import class StoreHarness.MemoryStore

/// What somebody asks of one user.
struct TenantAct: Sendable {
    enum Operation: String, CaseIterable, Sendable {
        case enroll, confirm, cancel, verify, disable, status
        case importing = "import"
        case show, reset, unlock
    }

    enum Code: Sendable { case now, next, wrong, backup }

    let operation: Operation
    let user: String
    let code: Code

    static func random(using generator: inout SeededGenerator) -> TenantAct {
        // Mostly logins, and few confirmations: each of those hashes ten backup codes.
        let usual = [Operation](repeating: .verify, count: 12) + [.importing, .importing, .enroll]
        let operations = usual + Operation.allCases
        let codes: [Code] = [.now, .now, .next, .wrong, .wrong, .wrong, .wrong, .backup]
        return TenantAct(
            operation: operations.randomElement(using: &generator) ?? .status,
            user: ["ada", "é"].randomElement(using: &generator) ?? "ada",
            code: codes.randomElement(using: &generator) ?? .now)
    }
}

final class TenantStage {
    private let store = MemoryStore()
    private let configuration = LiveConfiguration()
    private let clock = Mutexed(Instant(seconds: 1_767_225_600))
    private let dispatcher: Dispatcher
    private var mine: Tenant
    private var theirs: Tenant

    init() throws {
        let (direct, clock) = (InlineWork(store: store), clock)
        dispatcher = Dispatcher(
            version: "test", store: store, configuration: configuration, queue: direct,
            slowWork: direct, clock: { clock.value }, warn: { Issue.record("\($0)") })
        mine = Tenant(app: try #require(AppName("mine")))
        theirs = Tenant(app: try #require(AppName("theirs")))
        try reload("")
    }

    /// Plays scenes of some kinds. Returns what `mine` heard.
    func play(_ scenes: [Scene], with kinds: Set<Scene.Kind>) throws -> [String] {
        var heard: [String] = []
        for scene in scenes {
            clock.set(clock.value + .seconds(scene.secondsLater))
            guard kinds.contains(scene.kind) else { continue }
            switch scene.kind {
            case .mine: heard.append(try play(scene.act, &mine))
            case .theirs: _ = try play(scene.act, &theirs)
            case .reload: try reload(scene.settings)
            }
        }
        #expect(try store.check().problems == [])
        return heard
    }

    private func reload(_ settings: String) throws {
        let mine = "[app.mine]\nissuer = \"Mine\"\n[app.mine.throttle]\nfree_failures = 3\n"
        let text = mine + "[app.theirs]\n\(settings)\n"
        configuration.replace(with: try TestServer.configuration(text))
    }

    private func play(_ act: TenantAct, _ tenant: inout Tenant) throws -> String {
        let line = tenant.line(act, at: clock.value)
        let isAdmin: Bool
        switch act.operation {
        case .enroll, .confirm, .cancel, .verify, .disable, .status: isAdmin = false
        case .importing, .show, .reset, .unlock: isAdmin = true
        }
        let reply = try ask(line, as: isAdmin ? .admin : .app(tenant.app))
        return try tenant.hear(reply, to: act)
    }

    private func ask(_ line: String, as caller: Caller) throws -> String {
        let answers = Mutexed<[String]>([])
        let request = try Array(line.utf8).withUnsafeBytes { try Request.parse($0, from: caller) }
        dispatcher.dispatch(request, from: caller, Peer(uid: 7, pid: 8)) { reply in
            answers.add(String(decoding: reply.line(id: nil), as: UTF8.self))
        }
        return try #require(answers.value.first)
    }
}

/// One app, as far as it remembers what it was told.
private struct Tenant {
    let app: AppName
    private var secrets: [String: String] = [:]
    private var backupCodes: [String: [String]] = [:]

    init(app: AppName) { self.app = app }

    func line(_ act: TenantAct, at now: Instant) -> String {
        let start = #"{"op":"\#(act.operation.rawValue)","app":"\#(app)","user":"\#(act.user)""#
        let code = #","code":"\#(code(act, at: now))"}"#
        switch act.operation {
        case .enroll: return start + (act.code == .now ? code : "}")
        case .confirm, .verify, .disable: return start + code
        case .cancel, .status, .show, .unlock: return start + "}"
        case .reset: return start + #","reason":"a test"}"#
        case .importing: return start + #","secret":"\#(imported(act))"}"#
        }
    }

    private func imported(_ act: TenantAct) -> String {
        act.code == .next ? String(usualSecret.reversed()) : usualSecret
    }

    private func code(_ act: TenantAct, at now: Instant) -> String {
        guard let secret = Base32.decode(secrets[act.user] ?? usualSecret) else {
            preconditionFailure("only secrets that totpd gave are remembered")
        }
        let step = TOTP.step(at: now.seconds, period: 30)
        func code(_ offset: Int64) -> String {
            TOTP.code(secret: secret, step: step + offset, parameters: .standard).text
        }
        switch act.code {
        case .now: return code(0)
        case .next: return code(1)
        case .backup where act.operation != .confirm:
            return backupCodes[act.user]?.first ?? "zzzz-zzzz-zzzzz"
        case .wrong, .backup:
            let right = Set((-2...2).map(code))
            return ["000000", "111111", "222222", "333333", "444444", "555555"]
                .first { !right.contains($0) } ?? "666666"
        }
    }

    /// Remembers what is told once, and says the rest.
    mutating func hear(_ reply: String, to act: TenantAct) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(reply.utf8))
        var fields = try #require(object as? [String: Any])
        if let secret = fields["secret"] as? String {
            secrets[act.user] = secret
            fields["secret"] = "a secret"
            fields["uri"] = (fields["uri"] as? String)?.replacing(secret, with: "a secret")
        }
        if let codes = fields["backup_codes"] as? [String] {
            backupCodes[act.user] = codes
            fields["backup_codes"] = codes.count
        }
        if act.operation == .importing, brief(reply) == "ok" { secrets[act.user] = imported(act) }
        let rest = try JSONSerialization.data(withJSONObject: fields, options: .sortedKeys)
        return "\(act): " + String(decoding: rest, as: UTF8.self)
    }
}
