// Moments as people write and read them. They are shown in UTC, so that they can be compared with
// the daemon's log and pasted back.

import ArgumentParser
import FoundationEssentials

/// Seconds since 1970, in the words of a person.
struct TimeArgument: ExpressibleByArgument {
    /// For the help of whoever takes one.
    static let forms = """
        Moments: 2026-11-25T10:00:00Z, seconds since 1970, or how long ago: 90s, 15m, 2h, 7d, 1w. \
        2026-11-25, today and yesterday are when that day began in UTC.
        """

    let seconds: Int

    init?(argument: String) {
        self.init(argument, now: Int(Date().timeIntervalSince1970))
    }

    /// See `forms`.
    init?(_ text: String, now: Int) {
        let today = now - now % Self.day
        if let seconds = Int(text), seconds >= 0 {
            self.seconds = seconds
        } else if let ago = Self.ago(text) {
            seconds = now - ago
        } else if text == "today" {
            seconds = today
        } else if text == "yesterday" {
            seconds = today - Self.day
        } else if let seconds = Self.moment(text) ?? Self.moment("\(text)T00:00:00Z") {
            self.seconds = seconds
        } else {
            // The parser of arguments says so with the option's name.
            return nil
        }
    }

    private static let day = 86_400

    private static func moment(_ text: String) -> Int? {
        do {
            return Int(try Date.ISO8601FormatStyle().parse(text).timeIntervalSince1970)
        } catch {
            // It has another form.
            return nil
        }
    }

    private static func ago(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": day, "w": 7 * day]
        guard let last = text.last, let unit = units[last], let count = Int(text.dropLast()),
            (0...1_000_000).contains(count)
        else { return nil }
        return count * unit
    }

    static func text(_ seconds: Int) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).ISO8601Format()
    }
}

/// `3 d 4 h`, `12 min`, `5 s`: the two largest units of a time.
func textOfSeconds(_ seconds: Int) -> String {
    var rest = seconds
    var parts: [String] = []
    for (unit, size) in [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)] {
        let count = rest / size
        rest %= size
        if count > 0, parts.count < 2 { parts.append("\(count) \(unit)") }
    }
    return parts.isEmpty ? "0 s" : parts.joined(separator: " ")
}
