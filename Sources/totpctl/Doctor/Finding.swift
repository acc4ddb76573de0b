// What was looked at, what was seen, and what to do about it.

struct Finding: Equatable {
    let what: String
    let seen: String
    /// False where something is wrong now.
    let isGood: Bool
    /// Nil when nothing is to be done.
    let advice: String?

    static func good(_ what: String, _ seen: String) -> Finding {
        Finding(what: what, seen: seen, isGood: true, advice: nil)
    }

    /// All is well now, and may not be later.
    static func warning(_ what: String, _ seen: String, advice: String) -> Finding {
        Finding(what: what, seen: seen, isGood: true, advice: advice)
    }

    static func bad(_ what: String, _ seen: String, advice: String) -> Finding {
        Finding(what: what, seen: seen, isGood: false, advice: advice)
    }

    func print() {
        let sign = isGood ? (advice == nil ? "ok  " : "WARN") : "BAD "
        Swift.print("\(sign)  \(what): \(seen)")
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
