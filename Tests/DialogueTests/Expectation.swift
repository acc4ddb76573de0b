// What a reply has to say: the same fields with the same values, no more and no fewer. `detail` is
// for people, and is compared only if it is expected.

import JSON
import Wire

/// What replies have bound so far.
typealias Bindings = [String: JSONValue]

struct Expectation {
    let fields: [JSONField]
    let binds: Set<String>

    static func parse(_ text: String, names: Set<String>) -> Parsed<Expectation> {
        let fields: [JSONField]
        switch reading(text) {
        case .success(let read): fields = read
        case .failure(let reason): return .failure(reason)
        }
        var binds: Set<String> = []
        if let reason = examine(fields.map(\.value), names, &binds) { return .failure(reason) }
        return .success(Expectation(fields: fields, binds: binds))
    }

    static func reading(_ text: String) -> Parsed<[JSONField]> {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { bytes in
            do throws(JSONFault) {
                return .success(try JSONReader.object(from: bytes))
            } catch {
                return .failure("the reply is not strict JSON: \(error.detail)")
            }
        }
    }

    /// Returns what is wrong, if anything, and notes the names that are bound.
    private static func examine(
        _ value: JSONValue, _ names: Set<String>, _ binds: inout Set<String>
    ) -> String? {
        switch value {
        case .null, .bool, .integer: return nil
        case .string("..."): return "'...' stands at the end of an array only"
        case .string(let text):
            switch hole(text) {
            case .none: return nil
            case .malformed: return "'\(text)' is no name"
            case .same(let name):
                return names.contains(name) ? nil : "no reply before this has bound '\(name)'"
            case .binds(let name):
                let isNew = binds.insert(name).inserted
                return isNew ? nil : "'\(name)' is bound twice in one reply"
            }
        case .array(let elements):
            let given = elements.last == .string("...") ? elements.dropLast() : elements[...]
            return examine(Array(given), names, &binds)
        case .object(let fields): return examine(fields.map(\.value), names, &binds)
        }
    }

    private static func examine(
        _ values: [JSONValue], _ names: Set<String>, _ binds: inout Set<String>
    ) -> String? {
        for value in values {
            if let reason = examine(value, names, &binds) { return reason }
        }
        return nil
    }

    enum Hole: Equatable {
        case none
        case malformed
        /// `<name>`: any value, known by this name from here on.
        case binds(String)
        /// `<=name>`: the value of that name.
        case same(String)
    }

    static func hole(_ text: String) -> Hole {
        guard text.hasPrefix("<"), text.hasSuffix(">") else { return .none }
        var name = text.dropFirst().dropLast()
        let isSame = name.first == "="
        if isSame { name.removeFirst() }
        let reserved = ["code", "wrong"]
        guard let first = name.first, ("a"..."z").contains(first),
            name.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }),
            !reserved.contains(String(name))
        else { return .malformed }
        return isSame ? .same(String(name)) : .binds(String(name))
    }
}

/// Compares a reply with what is expected of it.
struct Matcher {
    var bindings: Bindings

    /// Returns why it does not match, or nil.
    mutating func match(_ expected: [JSONField], _ actual: [JSONField], _ place: String) -> String?
    {
        for field in expected {
            guard let found = actual.first(where: { Self.areEqual($0.name, field.name) }) else {
                return "'\(place)\(field.name)' is missing"
            }
            let inner = "\(place)\(field.name)"
            if let reason = match(field.value, found.value, inner) { return reason }
        }
        for field in actual where field.name != "detail" {
            guard expected.contains(where: { Self.areEqual($0.name, field.name) }) else {
                return "'\(place)\(field.name)' was not expected"
            }
        }
        return nil
    }

    private mutating func match(
        _ expected: JSONValue, _ actual: JSONValue, _ place: String
    ) -> String? {
        let mismatch = "'\(place)' is \(actual), not \(expected)"
        switch (expected, actual) {
        case (.string(let text), _):
            switch Expectation.hole(text) {
            case .binds(let name):
                bindings[name] = actual
                return nil
            case .same(let name): return bindings[name] == actual ? nil : mismatch
            case .none, .malformed:
                guard case .string(let found) = actual, Self.areEqual(text, found) else {
                    return mismatch
                }
                return nil
            }
        case (.array(let elements), .array(let found)):
            let isOpen = elements.last == .string("...")
            let given = isOpen ? elements.dropLast() : elements[...]
            guard isOpen ? found.count >= given.count : found.count == given.count else {
                return "'\(place)' has \(found.count) elements"
            }
            for (index, pair) in zip(given, found).enumerated() {
                if let reason = match(pair.0, pair.1, "\(place)[\(index)]") { return reason }
            }
            return nil
        case (.object(let fields), .object(let found)): return match(fields, found, "\(place).")
        case (.null, _), (.bool, _), (.integer, _), (.array, _), (.object, _):
            return expected == actual ? nil : mismatch
        }
    }

    /// Byte by byte: Swift's own `==` folds spellings.
    private static func areEqual(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }
}
