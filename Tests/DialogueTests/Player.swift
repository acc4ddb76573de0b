// Plays a dialogue on a stage: moves its clock, says each line, and compares what comes back.

import Accounts
import JSON
import OneTimeCodes
import Wire

/// Whoever speaks in a dialogue.
enum Speaker: Hashable, Sendable {
    case app(AppName)
    case admin
    /// An admin on a connection of its own.
    case watcher
}

/// A totpd to talk to, and its clock.
protocol Stage: AnyObject {
    func set(_ now: Instant) throws
    /// One line there, one line back; neither has its LF.
    func ask(_ line: String, as speaker: Speaker) throws -> String
    /// One line more, for which nobody asked.
    func hear(as speaker: Speaker) throws -> String
    func restart() throws
    /// The configuration that holds from here on, restarts included.
    func configure(_ text: String) throws
    /// Ends it, and fails unless the store checks clean.
    func finish() throws
}

struct Player {
    private let stage: any Stage
    private var now = Self.beginning
    private var app = AppName.standard
    private var bindings: Bindings = [:]

    /// 2026-01-01T00:00:00Z.
    static let beginning = Instant(seconds: 1_767_225_600)

    static func play(_ dialogue: Dialogue, on stage: any Stage) throws {
        var player = Player(stage: stage)
        for step in dialogue.steps { try player.play(step) }
        try stage.finish()
    }

    private init(stage: any Stage) { self.stage = stage }

    private mutating func play(_ step: Step) throws {
        switch step.kind {
        case .at(let moment): try move(to: moment)
        case .after(let time): try move(to: now + time)
        case .restart: try stage.restart()
        case .configure(let text): try stage.configure(text)
        case .app(let name): app = name
        case .exchange(let voice, let template, let expected):
            let line = try filled(template, step.line)
            let reply = try stage.ask(line, as: speaker(voice))
            try match(expected, reply, step.line, asked: line)
        case .hearing(let expected):
            try match(expected, try stage.hear(as: .watcher), step.line, asked: "the watcher")
        }
    }

    private func speaker(_ voice: Voice) -> Speaker {
        switch voice {
        case .app: return .app(app)
        case .admin: return .admin
        case .watcher: return .watcher
        }
    }

    private mutating func match(
        _ expected: [JSONField], _ reply: String, _ line: Int, asked: String
    ) throws(DialogueFault) {
        let fields = try Expectation.reading(reply).mapFault { reason in
            DialogueFault(line: line, reason: reason)
        }
        var matcher = Matcher(bindings: bindings)
        if let reason = matcher.match(expected, fields, "") {
            let said = "\(asked) was answered by \(reply)"
            throw DialogueFault(line: line, reason: "\(reason): \(said)")
        }
        bindings = matcher.bindings
    }

    private mutating func move(to moment: Instant) throws {
        now = moment
        try stage.set(moment)
    }

    // MARK: Filling holes

    private func filled(_ template: Template, _ line: Int) throws(DialogueFault) -> String {
        var text = ""
        for piece in template.pieces {
            switch piece {
            case .text(let part): text += part
            case .bound(let name, let spelling):
                text += spelling.write(try string(name, line))
            case .code(let hole): text += hole.spelling.write(try code(hole, line))
            }
        }
        return text
    }

    private func string(_ name: String, _ line: Int) throws(DialogueFault) -> String {
        guard case .string(let text) = bindings[name] else {
            throw DialogueFault(line: line, reason: "'\(name)' is not bound to a string")
        }
        return text
    }

    private func code(_ hole: CodeHole, _ line: Int) throws(DialogueFault) -> String {
        let base32: String
        switch hole.secret {
        case .base32(let text): base32 = text
        case .name(let name): base32 = try string(name, line)
        }
        guard let secret = Base32.decode(base32),
            let algorithm = CodeAlgorithm(name: hole.algorithm),
            let parameters = CodeParameters(
                algorithm: algorithm, digits: hole.digits, period: hole.period)
        else { throw DialogueFault(line: line, reason: "no secret, or no parameters") }
        let step = TOTP.step(at: now.seconds, period: hole.period)
        guard hole.isWrong else {
            let asked = step + hole.stepOffset
            return TOTP.code(secret: secret, step: asked, parameters: parameters).text
        }
        let right = (-2...2).map {
            TOTP.code(secret: secret, step: step + $0, parameters: parameters).value
        }
        // Five codes cannot cover six numbers.
        for value in UInt32(0)...5 where !right.contains(value) {
            return TOTPCode(value: value, digits: hole.digits).text
        }
        throw DialogueFault(line: line, reason: "there is no wrong code")
    }
}
