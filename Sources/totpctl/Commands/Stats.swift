// `totpctl stats`: all of the daemon's numbers, also those that this totpctl does not know.

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

    /// Every number by its path.
    private static func show(_ answer: AdminAnswer) throws {
        var pairs: [(String, String?)] = []
        collect(.fields(try answer.read()), path: "", into: &pairs)
        printPairs(pairs.filter { $0.0 != "ok" })
    }

    private static func collect(
        _ field: AnswerField, path: String, into pairs: inout [(String, String?)]
    ) {
        switch field {
        case .nothing: pairs.append((path, "none"))
        case .flag(let flag): pairs.append((path, "\(flag)"))
        case .number(let number): pairs.append((path, "\(number)"))
        case .text(let text): pairs.append((path, text))
        case .list(let list):
            for (index, inner) in list.enumerated() {
                collect(inner, path: "\(path).\(index)", into: &pairs)
            }
        case .fields(let fields):
            for (name, inner) in fields.sorted(by: { $0.key < $1.key }) {
                collect(inner, path: path.isEmpty ? name : "\(path).\(name)", into: &pairs)
            }
        }
    }
}
