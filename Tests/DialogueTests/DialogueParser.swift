// Reads a dialogue from its text. Whatever it does not know is an error: a directive that is passed
// over in silence would be a test that tests nothing.

import Accounts
import JSON
import Wire

struct DialogueParser {
    private var lines: ArraySlice<String>
    private var number = 0
    /// Names that a reply before has bound.
    private var names: Set<String> = []
    private var depths = Set(Depth.allCases)

    /// - Parameter firstLine: where the text stands in its file.
    static func parse(
        _ text: String, firstLine: Int = 1
    ) throws(DialogueFault) -> Dialogue {
        var lines = text.linesAtLF
        if lines.last?.isEmpty == true { lines.removeLast() }
        var parser = DialogueParser(lines: lines[...], number: firstLine - 1)
        return try parser.dialogue()
    }

    private init(lines: ArraySlice<String>, number: Int) {
        self.lines = lines
        self.number = number
    }

    private func fault(_ reason: String) -> DialogueFault {
        DialogueFault(line: number, reason: reason)
    }

    private mutating func next() -> String? {
        guard let line = lines.popFirst() else { return nil }
        number += 1
        return line
    }

    private mutating func dialogue() throws(DialogueFault) -> Dialogue {
        guard let first = next(), first.hasPrefix("# "), first.hasSuffix(".") else {
            throw fault("a dialogue begins with a sentence: '# … .'")
        }
        if let header = lines.first, header.hasPrefix("depths") {
            _ = next()
            depths = try Self.depths(header).mapFault { fault($0) }
        }
        let steps = try steps(insideRepeat: false)
        guard steps.contains(where: { $0.isExchange }) else {
            throw fault("nothing is asked in this dialogue")
        }
        return Dialogue(title: String(first.dropFirst(2)), depths: depths, steps: steps)
    }

    private static func depths(_ header: String) -> Parsed<Set<Depth>> {
        let words = header.split(separator: " ").dropFirst()
        let depths = words.compactMap { Int($0).flatMap(Depth.init(rawValue:)) }
        guard !depths.isEmpty, depths.count == words.count, Set(depths).count == depths.count
        else { return .failure("'depths' is followed by some of 1 2 3, each once") }
        return .success(Set(depths))
    }

    // MARK: Steps

    private mutating func steps(insideRepeat: Bool) throws(DialogueFault) -> [Step] {
        var steps: [Step] = []
        while let line = next() {
            if line.isEmpty || line == "#" || line.hasPrefix("# ") { continue }
            if line == "end" {
                guard insideRepeat else { throw fault("'end' without 'repeat'") }
                guard !steps.isEmpty else { throw fault("there is nothing to repeat") }
                return steps
            }
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            if words.first == "repeat" {
                steps += try repeated(words)
            } else {
                steps.append(try step(line, words))
            }
        }
        guard !insideRepeat else { throw fault("'repeat' without 'end'") }
        return steps
    }

    /// `repeat N` … `end`: the same steps, N times over.
    private mutating func repeated(_ words: [Substring]) throws(DialogueFault) -> [Step] {
        guard words.count == 2, let count = Int(words[1]), (2...1000).contains(count) else {
            throw fault("'repeat' is followed by a number from 2 to 1000")
        }
        let body = try steps(insideRepeat: true)
        return Array(repeatElement(body, count: count).joined())
    }

    private mutating func step(
        _ line: String, _ words: [Substring]
    ) throws(DialogueFault) -> Step {
        let start = number
        let kind: Step.Kind
        switch words.first {
        case "->": kind = try exchange(line, .app)
        case "admin": kind = try exchange(line, .admin)
        case "watcher": kind = try watching(line)
        case "at" where words.count == 2:
            guard let moment = ISOMoment.parse(words[1]) else {
                throw fault("'at' is followed by a moment such as 2026-01-01T00:00:00Z")
            }
            kind = .at(moment)
        case "after" where words.count == 2:
            guard let time = Self.time(words[1]) else {
                throw fault("'after' is followed by a time such as 30s, 2m, 1h or 1d")
            }
            kind = .after(time)
        case "restart" where words.count == 1: kind = .restart
        case "config": kind = .configure(configuration(line))
        case "app" where words.count == 2:
            guard let app = AppName(String(words[1])) else { throw fault("no name of an app") }
            guard !depths.contains(.daemon) else {
                throw fault("'app' needs the header 'depths 1 2': the daemon has one app socket")
            }
            kind = .app(app)
        default: throw fault("'\(line)' is no directive")
        }
        return Step(line: start, kind: kind)
    }

    /// Lines in a row that begin with `config` are one text.
    private mutating func configuration(_ first: String) -> String {
        var text = [first]
        while let line = lines.first, line == "config" || line.hasPrefix("config ") {
            _ = next()
            text.append(line)
        }
        return text.map { String($0.dropFirst("config ".count)) }.joined(separator: "\n")
    }

    private static func time(_ word: Substring) -> Accounts.Duration? {
        guard let unit = word.last, let count = Int64(word.dropLast()), (1...100_000) ~= count
        else { return nil }
        switch unit {
        case "s": return .seconds(count)
        case "m": return .minutes(count)
        case "h": return .hours(count)
        case "d": return .days(count)
        default: return nil
        }
    }

    private mutating func watching(_ line: String) throws(DialogueFault) -> Step.Kind {
        guard !depths.contains(.dispatcher) else {
            throw fault("'watcher' needs the header 'depths 2 3': it takes a connection")
        }
        let back = "watcher <- "
        guard line.hasPrefix(back) else { return try exchange(line, .watcher) }
        return .hearing(try expected(line, back))
    }

    private mutating func expected(
        _ line: String, _ back: String
    ) throws(DialogueFault) -> [JSONField] {
        let expected = try Expectation.parse(String(line.dropFirst(back.count)), names: names)
            .mapFault { fault($0) }
        names.formUnion(expected.binds)
        return expected.fields
    }

    private mutating func exchange(
        _ line: String, _ voice: Voice
    ) throws(DialogueFault) -> Step.Kind {
        let (arrow, back) = (voice.rawValue + "-> ", voice.rawValue + "<- ")
        guard line.hasPrefix(arrow) else {
            throw fault("a reply that nothing asked for, or no dialogue at all: '\(line)'")
        }
        let request = String(line.dropFirst(arrow.count))
        let template = try TemplateParser.parse(request, names: names).mapFault { fault($0) }
        guard let answer = next(), answer.hasPrefix(back) else {
            throw fault("a request is followed by its reply: '\(back)…'")
        }
        return .exchange(voice, template, reply: try expected(answer, back))
    }
}

extension String {
    /// Split at LF alone. For Swift, CR and LF in a row are one character, which is no LF.
    var linesAtLF: [String] {
        utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

extension Step {
    fileprivate var isExchange: Bool {
        if case .exchange = kind { return true }
        return false
    }
}

/// What a part of a line says, or why it says nothing.
enum Parsed<Value> {
    case success(Value)
    case failure(String)

    func mapFault(_ fault: (String) -> DialogueFault) throws(DialogueFault) -> Value {
        switch self {
        case .success(let value): return value
        case .failure(let reason): throw fault(reason)
        }
    }
}
