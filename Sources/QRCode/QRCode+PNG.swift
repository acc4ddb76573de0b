// Draws the code as a PNG file with one bit for a pixel, without text or time.

import CZlib

extension QRCode {
    /// Black on white, quiet zone included.
    package func png() throws(QRCodeError) -> [UInt8] {
        let pixels = UInt32(frame.count * Self.pixelsPerModule)
        // One bit deep, greyscale, and the only compression, filtering and order there are.
        let format: [UInt8] = [1, 0, 0, 0, 0]

        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file += chunk("IHDR", bigEndian(pixels) + bigEndian(pixels) + format)
        file += chunk("IDAT", try compressed(scanlines()))
        file += chunk("IEND", [])
        return file
    }

    /// A module is eight pixels wide and a pixel is a bit, so that a module is just a byte.
    private func scanlines() -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(frame.count * Self.pixelsPerModule * (frame.count + 1))
        for row in frame {
            // The leading zero is the line's filter: none.
            let line = [0] + frame.map { isDark(row: row, column: $0) ? UInt8(0x00) : 0xFF }
            for _ in 0..<Self.pixelsPerModule { lines += line }
        }
        return lines
    }
}

private func compressed(_ bytes: [UInt8]) throws(QRCodeError) -> [UInt8] {
    var count = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(count))
    let result = compress2(
        &packed, &count, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION)
    guard result == Z_OK else { throw .compressionFailed(code: result) }
    return Array(packed.prefix(Int(count)))
}

/// Length, name, content, and the checksum of name and content.
private func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let checked = Array(name.utf8) + content
    let checksum = UInt32(truncatingIfNeeded: crc32(0, checked, uInt(checked.count)))
    return bigEndian(UInt32(content.count)) + checked + bigEndian(checksum)
}

private func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}
