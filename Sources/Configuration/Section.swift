// Reads one table of the configuration: each setting by its name, type and range. A setting that
// nobody asked for is an error.

import Accounts

/// Used up by being read: `end` says what is left over.
final class Section {
    /// As its header says it; empty at the top of the file.
    let name: String
    private let line: Int?
    private let entries: [String: TOMLNode]
    private let faults: ConfigurationFaults
    /// In the order of asking, which is that of the manual.
    private var known: [String] = []

    init(_ table: TOMLTable, name: String, line: Int?, _ faults: ConfigurationFaults) {
        self.name = name
        self.line = line
        entries = table.entries
        self.faults = faults
    }

    private func take(_ key: String) -> TOMLNode? {
        known.append(key)
        return entries[key]
    }

    private func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    func line(of key: String) -> Int? { entries[key]?.line }

    func fault(_ key: String, line: Int? = nil, _ reason: String) {
        faults.add(line ?? entries[key]?.line, "\(printable(path(key))): \(reason)")
    }

    private func wrongKind(_ key: String, _ node: TOMLNode, _ expected: String) {
        fault(key, line: node.line, "\(node.value.kind) is given; \(expected) is expected")
    }

    // MARK: Settings

    func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        guard let node = take(key) else { return nil }
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard case .integer(let number) = node.value else {
            wrongKind(key, node, expected)
            return nil
        }
        guard let number = Int(exactly: number), range.contains(number) else {
            fault(key, "\(number) is out of range; \(expected) is expected")
            return nil
        }
        return number
    }

    func flag(_ key: String) -> Bool? {
        guard let node = take(key) else { return nil }
        guard case .boolean(let flag) = node.value else {
            wrongKind(key, node, "true or false")
            return nil
        }
        return flag
    }

    /// Whole seconds.
    func duration(_ key: String, _ range: ClosedRange<Duration>) -> Duration? {
        let seconds = Int(range.lowerBound.seconds)...Int(range.upperBound.seconds)
        return integer(key, seconds).map { .seconds(Int64($0)) }
    }

    func text(_ key: String, _ expected: String, where isRight: (String) -> Bool) -> String? {
        guard let node = take(key) else { return nil }
        guard case .string(let text) = node.value else {
            wrongKind(key, node, expected)
            return nil
        }
        guard isRight(text) else {
            fault(key, "'\(printable(text))' is not accepted; \(expected) is expected")
            return nil
        }
        return text
    }

    /// One of a few words.
    func word<Word>(_ key: String, _ words: [(String, Word)]) -> Word? {
        let expected = "one of \(words.map(\.0).joined(separator: ", "))"
        let text = text(key, expected) { text in words.contains { $0.0 == text } }
        return words.first { $0.0 == text }?.1
    }

    /// A list of names, each turned into what it stands for.
    ///
    /// - Parameter meaning: nil when nothing is called that.
    func names<Meaning: Hashable>(
        _ key: String, _ expected: String, _ meaning: (String) throws -> Meaning?
    ) -> Set<Meaning> {
        guard let node = take(key) else { return [] }
        guard case .array(let elements) = node.value else {
            wrongKind(key, node, "a list such as [\"\(expected)\"]")
            return []
        }
        var meanings: Set<Meaning> = []
        for element in elements {
            guard case .string(let text) = element.value else {
                wrongKind(key, element, "the name of a Unix \(expected)")
                continue
            }
            do {
                if let found = try meaning(text) {
                    meanings.insert(found)
                } else {
                    let what = "there is no Unix \(expected) '\(printable(text))'"
                    fault(key, line: element.line, "\(what); one of this host is expected")
                }
            } catch {
                fault(key, line: element.line, "'\(printable(text))' is not accepted: \(error)")
            }
        }
        return meanings
    }

    /// Says so when a setting is missing that has no default.
    func require<Value>(_ key: String, _ value: Value?) -> Value? {
        if value == nil, entries[key] == nil {
            faults.add(line, "\(printable(name)): '\(key)' is missing; it has no default")
        }
        return value
    }

    // MARK: Tables

    func section(_ key: String) -> Section? {
        guard let node = take(key) else { return nil }
        return section(key, node)
    }

    private func section(_ key: String, _ node: TOMLNode) -> Section? {
        guard case .table(let table) = node.value else {
            wrongKind(key, node, "a table, [\(path(key))],")
            return nil
        }
        return Section(table, name: path(key), line: node.line, faults)
    }

    /// All tables here, whose names are the file's own; in the order of their names.
    func sections<Name>(
        _ expected: String, named: (String) -> Name?
    ) -> [(name: Name, section: Section)] {
        entries.sorted { $0.key < $1.key }.compactMap { key, node in
            known.append(key)
            guard let name = named(key) else {
                fault(key, "'\(printable(key))' is not a valid name; \(expected)")
                return nil
            }
            return section(key, node).map { (name, $0) }
        }
    }

    /// Says what nobody has asked for.
    func end() {
        for key in entries.keys where !known.contains(key) {
            let what = "there is no such setting"
            fault(key, "\(what); one of \(known.joined(separator: ", ")) is expected")
        }
    }
}

extension Duration {
    var seconds: Int64 { milliseconds / 1000 }
}
