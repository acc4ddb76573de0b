// `totpctl show`: what support needs to see of an account. It shows no secret.

import ArgumentParser

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a user's account.")

    @OptionGroup var subject: UserArguments
    @OptionGroup var admin: AdminSocket

    fileprivate struct Account: Decodable {
        struct Budget: Decodable {
            let failures: Int
            let longCount: Int
            let locked: Bool
            let retryAfter: Int?
        }

        struct Device: Decodable {
            let id: String
            let label: String?
            let usedAt: Int
            let expiresAt: Int
        }

        struct Authenticator: Decodable {
            let id: Int
            let name: String?
            let enrolledAt: Int
            let lastStepAt: Int?
        }

        let enrolled: Bool
        let pending: Bool
        let enrolledAt: Int?
        let weak: Bool?
        let backupCodesLeft: Int
        let algorithm: String?
        let digits: Int?
        let period: Int?
        let lastStepAt: Int?
        let drift: Int?
        let offset: Int?
        let totp: Budget
        let backup: Budget
        let authenticators: [Authenticator]?
        let devices: [Device]?
    }

    func run() throws {
        try reporting {
            try admin.connect().expectKnown(subject.app)
            let answer = try admin.ask(subject.question("show"))
            let account = try answer.read(Account.self)
            if admin.isJSON { Swift.print(answer.line) } else { try print(account) }
            if !account.enrolled && !account.pending { try OtherApps.hint(subject, admin) }
        }
    }

    private func print(_ account: Account) throws {
        printPairs([
            ("app", subject.app), ("user", subject.user), ("second factor", account.factor),
            ("new enrolment", account.pending ? "waiting for its first code" : nil),
            ("codes", account.parameters),
            ("secret", account.weak ?? false ? "shorter than 128 bits: enrol again" : nil),
            ("last code", account.lastStepAt.map { "of the step at \(TimeArgument.text($0))" }),
            (
                "clock of the phone",
                account.drift.map { Self.text(drift: $0 + (account.offset ?? 0)) }
            ),
            ("backup codes", "\(account.backupCodesLeft) left"),
            ("TOTP failures", account.totp.text), ("backup failures", account.backup.text),
        ])
        for authenticator in account.authenticators ?? [] {
            let last = authenticator.lastStepAt.map { "used \(TimeArgument.text($0))" }
            Swift.print(
                "authenticator \(authenticator.id)  \(authenticator.name ?? "-")  "
                    + "since \(TimeArgument.text(authenticator.enrolledAt)), "
                    + (last ?? "not used yet"))
        }
        for device in account.devices ?? [] {
            Swift.print(
                "device \(device.id)  \(device.label ?? "-")  "
                    + "used \(TimeArgument.text(device.usedAt)), "
                    + "until \(TimeArgument.text(device.expiresAt))")
        }
    }

    private static func text(drift: Int) -> String {
        switch drift {
        case 0: return "right"
        case -1: return "1 step behind"
        case ..<0: return "\(-drift) steps behind"
        default: return "\(drift) step ahead"
        }
    }
}

extension Show.Account {
    fileprivate var factor: String {
        guard enrolled else { return "none" }
        return enrolledAt.map { "since \(TimeArgument.text($0))" } ?? "yes"
    }

    fileprivate var parameters: String? {
        guard let algorithm, let digits, let period else { return nil }
        return "\(algorithm), \(digits) digits, every \(period) s"
    }
}

extension Show.Account.Budget {
    fileprivate var text: String {
        var words = "\(failures) in a row, \(longCount) in the long count"
        if locked { words += "; locked" }
        if let retryAfter { words += "; waits \(textOfSeconds(retryAfter))" }
        return words
    }
}
