// A figure of `stats` with its unit, which the end of its name says (protocol.md, stats).

enum Figure {
    static func text(_ number: Int, named name: String) -> String {
        if name == "uptime" || name.hasSuffix("_ago") { return textOfSeconds(number) }
        if name.hasSuffix("_at") { return TimeArgument.text(number) }
        if name.hasSuffix("_us") { return duration(number) }
        if name.hasSuffix("_bytes") || name.hasSuffix("_bytes_max") { return size(number) }
        return "\(number)"
    }

    /// Of microseconds.
    private static func duration(_ number: Int) -> String {
        if number < 1000 { return "\(number) µs" }
        if number < 1_000_000 { return "\(decimal(number, of: 1000)) ms" }
        return "\(decimal(number, of: 1_000_000)) s"
    }

    private static func size(_ number: Int) -> String {
        let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        guard let (unit, size) = units.first(where: { number >= $0.1 }) else {
            return "\(number) bytes"
        }
        return "\(decimal(number, of: size)) \(unit)"
    }

    /// With one digit behind the point, rounded down: what is left is never said to be more.
    private static func decimal(_ number: Int, of unit: Int) -> String {
        "\(number / unit).\(number % unit * 10 / unit)"
    }
}
