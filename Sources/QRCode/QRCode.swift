// Turns a text into the dark and light modules of a QR code, with libqrencode. The text is an
// otpauth URI and holds a secret: keep it out of errors, labels and files.

import CQREncode
import Glibc

/// A square of modules. Whoever can see it has the secret, so it prints as nothing useful.
///
/// libqrencode's drawing is wiped before it is freed. What libqrencode and zlib copy on the way,
/// and the drawings we hand out, are not: they leave in a reply that others hold anyway.
package struct QRCode: Sendable, Equatable {
    /// What the largest symbol (version 40) holds at level M in 8-bit mode, by ISO/IEC 18004.
    package static let textBytesMax = 2_331

    /// The light border by ISO/IEC 18004; with less, some cameras do not find the symbol.
    static let quietModules = 4

    /// A usual URI becomes about 450 pixels: large enough for a phone, small enough for a page.
    static let pixelsPerModule = 8

    /// Modules along one edge, without the quiet zone.
    package let side: Int

    private let modules: [Bool]

    /// The smallest symbol that holds `text`.
    ///
    /// Level M lets 15 % of the symbol be lost, which covers glare on a screen and a fold in a
    /// print; level L (7 %) does not always, and Q and H make modules too small for poor cameras.
    package init(text: String) throws(QRCodeError) {
        var text = text
        let bytes = text.utf8.count
        guard bytes > 0 else { throw .textEmpty }
        guard bytes <= Self.textBytesMax else { throw .textTooLong(bytes: bytes) }

        let (drawing, code) = text.withUTF8 { buffer in
            let drawing = QRcode_encodeData(
                Int32(buffer.count), buffer.baseAddress, 0, QR_ECLEVEL_M)
            return (drawing, errno)
        }
        guard let drawing else { throw .encodingFailed(code: code) }
        defer { QRcode_free(drawing) }
        guard let data = drawing.pointee.data else { throw .encodingFailed(code: ENOMEM) }

        side = Int(drawing.pointee.width)
        let drawn = UnsafeMutableBufferPointer(start: data, count: side * side)
        modules = drawn.map { $0 & 1 == 1 }
        explicit_bzero(data, drawn.count)
    }

    /// False outside the square as well: the quiet zone around it is light.
    package func isDark(row: Int, column: Int) -> Bool {
        guard (0..<side).contains(row), (0..<side).contains(column) else { return false }
        return modules[row * side + column]
    }

    /// Rows, and columns, of the square together with its quiet zone.
    var frame: Range<Int> { -Self.quietModules..<side + Self.quietModules }
}

extension QRCode: CustomStringConvertible {
    package var description: String { "<secret QR code>" }
}
