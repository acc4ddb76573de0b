// `totpctl watch`: events as they become durable, until it is interrupted.

import ArgumentParser
import Foundation
import TOTPClient

struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show what happens, as it happens.",
        discussion: """
            Ends with status 2 when the daemon drops it because it does not keep up, and says \
            which --cursor goes on without a gap.
            """)

    @OptionGroup var filter: EventFilter
    @Option(help: "Begin after this event instead of now.")
    var cursor: Int?
    @OptionGroup var admin: AdminSocket

    private struct Line: Decodable {
        let event: AuditEvent?
        let cursor: Int?
    }

    func run() throws {
        try reporting {
            let client = try admin.connect()
            let first = try client.follow(filter.question("watch").with("cursor", cursor).line)
            _ = try Answer(first)
            while let line = try client.nextLine() { try show(line) }
            throw ControlFault("the daemon has ended the connection")
        }
    }

    private func show(_ reply: Reply) throws {
        let line = try JSONDecoder.protocolDecoder.decode(Line.self, from: Data(reply.line))
        guard let event = line.event else {
            if let cursor = line.cursor { printError("hint: go on with --cursor \(cursor)") }
            throw RefusedAnswer(reply)
        }
        if admin.isJSON {
            print(reply.text)
        } else {
            let cells = event.cells
            print("\(cells.0)  \(cells.1)  \(cells.2)  \(cells.3)  \(cells.4)  \(cells.5)")
        }
        // A reader behind a pipe should not wait for a full buffer.
        fflush(nil)
    }
}
