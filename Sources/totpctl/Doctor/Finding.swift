// What was looked at, what was seen, and what to do about it.

struct Finding: Equatable {
    let what: String
    let seen: String
    /// Nil when all is well.
    let advice: String?

    var isGood: Bool { advice == nil }

    static func good(_ what: String, _ seen: String) -> Finding {
        Finding(what: what, seen: seen, advice: nil)
    }

    static func bad(_ what: String, _ seen: String, advice: String) -> Finding {
        Finding(what: what, seen: seen, advice: advice)
    }

    func print() {
        Swift.print("\(isGood ? "ok  " : "BAD ")  \(what): \(seen)")
        if let advice { Swift.print("      do: \(advice)") }
    }
}

extension Finding: Encodable {
    private enum CodingKeys: String, CodingKey {
        case what
        case ok
        case seen
        case advice = "do"
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(what, forKey: .what)
        try object.encode(isGood, forKey: .ok)
        try object.encode(seen, forKey: .seen)
        try object.encodeIfPresent(advice, forKey: .advice)
    }
}
