// Requests of one width in one block of memory, sent from where they lie. Do not write to a line
// after it was handed out.

/// All lines are one template with other numbers in it.
final class RequestLines {
    let count: Int
    /// With the LF.
    let width: Int
    private let bytes: UnsafeMutableRawBufferPointer

    /// - Parameter template: one line with its LF.
    init(template: String, count: Int) {
        let line = Array(template.utf8)
        self.count = count
        width = line.count
        bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: count * line.count, alignment: 16)
        for index in 0..<count {
            let place = bytes[index * line.count..<(index + 1) * line.count]
            UnsafeMutableRawBufferPointer(rebasing: place).copyBytes(from: line)
        }
    }

    deinit {
        bytes.deallocate()
    }

    /// The block is the owner's: whoever sends from it keeps the owner.
    func bytes(of lines: Range<Int>) -> UnsafeRawBufferPointer {
        let place = bytes[lines.lowerBound * width..<lines.upperBound * width]
        return UnsafeRawBufferPointer(UnsafeMutableRawBufferPointer(rebasing: place))
    }

    /// Writes a number with leading zeros.
    func write(_ number: Int, digits: Int, at offset: Int, line: Int) {
        var rest = number
        for digit in (0..<digits).reversed() {
            bytes[line * width + offset + digit] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    func write(_ text: String, at offset: Int, line: Int) {
        for (index, byte) in text.utf8.enumerated() {
            bytes[line * width + offset + index] = byte
        }
    }
}
