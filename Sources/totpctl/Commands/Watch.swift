// `totpctl watch`: events as they become durable, until it is interrupted. If it ends by itself, it
// says where to go on.

import ArgumentParser
import FoundationEssentials
import Systemd
import TOTPClient

struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show events as they happen.",
        discussion: """
            It ends with status 2 when it cannot keep up or when the daemon stops. Then it prints \
            the --cursor to go on with without a gap.
            """)

    @OptionGroup var filter: EventFilter
    @Option(help: "Begin after this event, instead of now.")
    var cursor: Int?
    @OptionGroup var admin: AdminSocket

    /// Any line of the stream: an event, one or more that do not open, or the end.
    private struct Line: Decodable {
        let event: AuditEvent?
        let unreadable: UnreadableEvent?
        let cursor: Int?
    }

    private struct Beginning: Decodable {
        let cursor: Int
    }

    func run() throws {
        try reporting {
            let client = try admin.connect()
            if let app = filter.app { try client.expectKnown(app) }
            let question = filter.question("watch").with("cursor", cursor)
            let answer = try AdminAnswer(try client.follow(question.line))
            if admin.isJSON { print(answer.line) }
            var reached = try answer.read(Beginning.self).cursor
            var table = Table(AuditEvent.header, isShown: false)
            do {
                while let reply = try client.nextLine() {
                    let shown = try show(reply, in: &table)
                    // A reader behind a pipe should not wait for a full buffer.
                    do throws(OutputFault) {
                        try StandardOutput.finish()
                    } catch {
                        printError("hint: \(Self.hint(reached))")
                        throw error
                    }
                    reached = shown ?? reached
                }
            } catch let error as ClientError {
                throw ControlFault("\(error)", hint: Self.hint(reached))
            }
            throw ControlFault("the daemon has ended the connection", hint: Self.hint(reached))
        }
    }

    private static func hint(_ cursor: Int) -> String { "go on with --cursor \(cursor)" }

    /// Shows a line, and returns which event it reached. Throws the last line, which is a no.
    private func show(_ reply: Reply, in table: inout Table) throws -> Int? {
        let line: Line
        do {
            line = try JSONDecoder.protocolDecoder.decode(Line.self, from: Data(reply.line))
        } catch is DecodingError {
            throw RefusedAnswer(reply)
        }
        if admin.isJSON { print(reply.text) }
        if let event = line.event {
            if !admin.isJSON {
                table.add(event.cells)
                print(table.page())
            }
            return event.seq
        }
        if let unreadable = line.unreadable {
            unreadable.tell()
            return unreadable.seq
        }
        if let cursor = line.cursor { printError("hint: \(Self.hint(cursor))") }
        throw RefusedAnswer(reply)
    }
}
