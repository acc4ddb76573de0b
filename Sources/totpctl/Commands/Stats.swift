// `totpctl stats`: all of the daemon's numbers in groups, also those that this totpctl does not
// know.

import ArgumentParser

struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Show the daemon's numbers.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case openmetrics
        case prometheus
    }

    @Option(help: "As text for a monitoring system: openmetrics or prometheus.")
    var metrics: Format?
    @OptionGroup var admin: AdminSocket

    private struct Metrics: Decodable {
        let text: String
    }

    func run() throws {
        try reporting {
            guard let metrics else {
                return try admin.ask(AdminQuery("stats")) { try Self.show($0) }
            }
            try admin.ask(AdminQuery("metrics").with("format", metrics.rawValue)) {
                print(try $0.read(Metrics.self).text, terminator: "")
            }
        }
    }

    /// In this order; what this totpctl does not know comes behind.
    private static let groups = ["requests", "connections", "by_app", "lane", "store", "jobs"]

    private static func show(_ answer: AdminAnswer) throws {
        var fields = try answer.read([String: AnswerField].self)
        fields["ok"] = nil
        var itself: [(String, String?)] = []
        var others: [String] = []
        for (name, field) in fields.sorted(by: { $0.key < $1.key }) {
            if let text = field.figure(named: name) {
                itself.append((name, text))
            } else if !groups.contains(name) {
                others.append(name)
            }
        }
        print("totpd")
        printPairs(itself, indent: "  ")
        for name in groups + others {
            guard let field = fields[name] else { continue }
            if case .list(let list) = field, name == "by_app" || name == "jobs" {
                for part in list { show(part, as: name == "by_app" ? "app" : "job") }
            } else {
                show(field.figures(), as: name)
            }
        }
    }

    /// Under the name that the entry of a list has.
    private static func show(_ part: AnswerField, as kind: String) {
        guard case .fields(var fields) = part,
            case .text(let name) = fields.removeValue(forKey: kind == "app" ? "app" : "name")
        else { return show(part.figures(), as: kind) }
        show(AnswerField.fields(fields).figures(), as: "\(kind) \(TextWidth.visible(name))")
    }

    private static func show(_ figures: [(String, String?)], as group: String) {
        guard !figures.isEmpty else { return }
        print("\n\(group)")
        printPairs(figures, indent: "  ")
    }
}
