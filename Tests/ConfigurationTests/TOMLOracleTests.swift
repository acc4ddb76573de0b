// Random texts, read here and by Python's tomllib: whatever is taken here, it takes, and as the
// same. What it takes beyond that (dates, fractions, long strings) is refused here on purpose.

import Foundation
import Secrets
import SeededRandom
import Testing

@testable import Configuration

@Suite struct TOMLOracleTests {
    /// Reads a list of texts as JSON, and prints what each says, spelt as `spelt` below does; null
    /// for what is no TOML.
    private static let program = """
        import json, sys, tomllib
        def hexadecimal(text): return text.encode().hex()
        def spelt(value):
            if isinstance(value, dict):
                entries = sorted((hexadecimal(key), spelt(value[key])) for key in value)
                return "{" + ",".join(key + "=" + said for key, said in entries) + "}"
            if isinstance(value, list): return "[" + ",".join(map(spelt, value)) + "]"
            if isinstance(value, str): return "'" + hexadecimal(value) + "'"
            return str(value).lower()
        def said(text):
            try: return spelt(tomllib.loads(text))
            except tomllib.TOMLDecodeError: return None
        json.dump([said(text) for text in json.load(sys.stdin)], sys.stdout)
        """

    @Test("agree on what is TOML and on what it says")
    func agree() throws {
        var random = RandomTOML(generator: .announced())
        let texts = (0..<4_000).map { _ in random.text() }
        let oracle = try Self.ask(texts)
        try #require(oracle.count == texts.count)
        var taken = 0
        for (text, expected) in zip(texts, oracle) {
            do throws(ConfigurationFault) {
                let table = try TOMLReader.read(Array(text.utf8))
                taken += 1
                #expect(TOMLValue.table(table).spelt == expected, "\(text)")
            } catch {
                // Only what it means to leave out may be refused here alone.
                #expect(expected == nil, "\(text)\n\(error)")
            }
        }
        // A test in which all are refused would show nothing; nor would one in which none is.
        #expect((texts.count / 10..<texts.count * 9 / 10).contains(taken), "\(taken) were taken")
    }

    private static func ask(_ texts: [String]) throws -> [String?] {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        process.standardInput = input
        process.standardOutput = output
        let asked = try JSONSerialization.data(withJSONObject: texts)
        try process.run()
        // The program reads all of it before it writes anything.
        try input.fileHandleForWriting.write(contentsOf: asked)
        try input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "python3 with tomllib is needed: Debian 12")
        return try JSONDecoder().decode([String?].self, from: data)
    }
}

extension TOMLValue {
    /// Without the lines; texts in hexadecimal, so that the order of keys is that of their bytes.
    fileprivate var spelt: String {
        switch self {
        case .string(let text): return "'\(Self.hexadecimal(text))'"
        case .integer(let number): return "\(number)"
        case .boolean(let flag): return "\(flag)"
        case .array(let nodes): return "[" + nodes.map(\.value.spelt).joined(separator: ",") + "]"
        case .table(let table):
            let entries = table.entries.map { (Self.hexadecimal($0), $1.value.spelt) }
            let sorted = entries.sorted { $0.0 < $1.0 }
            return "{" + sorted.map { "\($0)=\($1)" }.joined(separator: ",") + "}"
        }
    }

    private static func hexadecimal(_ text: String) -> String { Hex.encode(Array(text.utf8)) }
}

/// Texts close to TOML: most lines well formed, now and then one that breaks a rule.
private struct RandomTOML {
    var generator: SeededGenerator

    private mutating func below(_ count: Int) -> Int {
        Int.random(in: 0..<count, using: &generator)
    }

    private mutating func one(of choices: [String]) -> String { choices[below(choices.count)] }

    mutating func text() -> String {
        (0..<below(7)).map { _ in line() + one(of: ["\n", "\n", "\n", "\r\n"]) }.joined()
    }

    private mutating func line() -> String {
        switch below(10) {
        case 0: return blank() + one(of: ["# a comment é", "#", ""])
        case 1...3: return blank() + "[" + keys() + "]" + end()
        default: return blank() + keys() + blank() + "=" + blank() + value(0) + end()
        }
    }

    private mutating func blank() -> String { one(of: ["", "", " ", "\t "]) }

    private mutating func end() -> String { blank() + one(of: ["", "", "", "# x = 1", " #\t"]) }

    private mutating func keys() -> String {
        (0...below(3)).map { _ in blank() + key() + blank() }.joined(separator: ".")
    }

    private mutating func key() -> String {
        one(of: [
            "a", "a", "b", "b", "c", "d-1_", "7", "\"a\"", "'b'", "\"\"", "\"\\u0061\"", "'\\'",
        ])
    }

    private mutating func value(_ depth: Int) -> String {
        switch below(depth < 3 ? 12 : 8) {
        case 0: return "true"
        case 1: return "false"
        case 2: return "\(Int64.random(in: .min ... .max, using: &generator))"
        case 3: return one(of: ["0", "-0", "+7", "1_000", "12_3", "01", "1__2", "_1", "1_", "--1"])
        case 4, 5: return "\"" + (0..<below(4)).map { _ in piece() }.joined() + "\""
        case 6: return one(of: ["''", "'a\\'", "'\"'", "'é\t'", "'a", "tru", "-", ""])
        case 7: return one(of: ["7", "42", "\"x\""])
        case 8, 9:
            let items = (0..<below(4)).map { _ in space() + value(depth + 1) + space() }
            return "[" + items.joined(separator: ",") + one(of: ["", "", ",", space()]) + "]"
        default:
            let entries = (0..<below(3)).map { _ in "\(keys())=\(blank())\(value(depth + 1))" }
            return "{" + blank() + entries.joined(separator: ", ") + blank() + "}"
        }
    }

    private mutating func space() -> String { one(of: ["", " ", "\n", " # c\n", "\r\n"]) }

    private mutating func piece() -> String {
        one(of: [
            "a", "é", "#", "'", " ", "\\n", "\\\"", "\\\\", "\\u00e9", "\\U0001F600", "\\t", "\\b",
            "\\f", "\\r", "\u{80}", "\\x", "\\ud800", "\u{1}", "\\u12",
        ])
    }
}
