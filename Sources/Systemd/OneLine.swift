// Makes any text fit into one line of bounded length. A text cannot start a second line, move a
// terminal's cursor, or turn the reading direction.

/// What stands at the end of a text that was cut.
private let cutMark = Array(" [cut]".utf8)

/// UTF-8 of `text` with control and formatting characters escaped as in Swift, cut at
/// `bytesMax` between two characters. Backslashes stay as they are: messages that quote input
/// have escaped it already, and doubled backslashes would only be harder to read.
func oneLine(_ text: String, bytesMax: Int) -> [UInt8] {
    var line: [UInt8] = []
    var bytesKept = 0
    for scalar in text.unicodeScalars {
        line += escaped(scalar).utf8
        guard line.count <= bytesMax else { return line.prefix(bytesKept) + cutMark }
        if line.count + cutMark.count <= bytesMax { bytesKept = line.count }
    }
    return line
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case " "..."~": return String(scalar)
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator:
        return "\\u{\(String(scalar.value, radix: 16))}"
    default:  // It is seen as it is.
        return String(scalar)
    }
}
