// Where the dialogues of the project are: in protocol.md, between fences, and in Tests/Dialogues.

import Foundation

/// A dialogue that has not been read yet, and where it stands.
struct DialogueText: Sendable {
    let name: String
    let text: String
    let firstLine: Int
}

enum Texts {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()

    static func all() throws -> [DialogueText] {
        try inProtocol() + inFolder()
    }

    static func inFolder() throws -> [DialogueText] {
        let folder = tests.appending(path: "Dialogues").resolvingSymlinksInPath()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.filter { $0.hasSuffix(".dialogue") }.map { name in
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            return DialogueText(name: name, text: text, firstLine: 1)
        }
    }

    static func inProtocol() throws -> [DialogueText] {
        let path = tests.deletingLastPathComponent().appending(path: "protocol.md")
        return try blocks(of: String(contentsOf: path, encoding: .utf8), name: "protocol.md")
    }

    /// The blocks between "```dialogue" and "```". A fence that says anything else is an error: its
    /// examples would look run, and would not be.
    static func blocks(of text: String, name: String) throws -> [DialogueText] {
        let lines = text.linesAtLF
        var blocks: [DialogueText] = []
        var begun: (line: Int, isDialogue: Bool)?
        for (index, line) in lines.enumerated() where line.hasPrefix("```") {
            if let start = begun {
                guard line == "```" else {
                    throw DialogueFault(line: index + 1, reason: "a fence inside a block")
                }
                if start.isDialogue {
                    let body = lines[start.line..<index].joined(separator: "\n")
                    let place = "\(name):\(start.line)"
                    blocks.append(
                        DialogueText(name: place, text: body, firstLine: start.line + 1))
                }
                begun = nil
            } else {
                guard line == "```" || line == "```dialogue" else {
                    throw DialogueFault(line: index + 1, reason: "'\(line)' is never run")
                }
                begun = (index + 1, line == "```dialogue")
            }
        }
        if let begun { throw DialogueFault(line: begun.line, reason: "a block without an end") }
        return blocks
    }
}
