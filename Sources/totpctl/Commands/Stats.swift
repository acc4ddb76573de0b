// `totpctl stats`: all of the daemon's numbers, also those that this totpctl does not know.

import ArgumentParser
import Foundation

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
        let value = try JSONSerialization.jsonObject(with: Data(answer.line.utf8))
        var pairs: [(String, String?)] = []
        collect(value, path: "", into: &pairs)
        printPairs(pairs.filter { $0.0 != "ok" })
    }

    private static func collect(
        _ value: Any, path: String, into pairs: inout [(String, String?)]
    ) {
        if let object = value as? [String: Any] {
            for (name, inner) in object.sorted(by: { $0.key < $1.key }) {
                collect(inner, path: path.isEmpty ? name : "\(path).\(name)", into: &pairs)
            }
        } else if let list = value as? [Any] {
            for (index, inner) in list.enumerated() {
                collect(inner, path: "\(path).\(index)", into: &pairs)
            }
        } else {
            pairs.append((path, "\(value)"))
        }
    }
}
