// Reads numbers from an environment that is given as a value. A value that is no number is an
// error.

/// Digits only, as systemd writes them; nil when the variable is not there.
func number<Number: FixedWidthInteger>(
    _ name: String, in environment: [String: String]
) throws(SystemdError) -> Number? {
    guard let value = environment[name] else { return nil }
    guard value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        let number = Number(value)
    else { throw .variableMalformed(name: name, value: value) }
    return number
}
