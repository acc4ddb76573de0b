// Why there is no drawing. It does not carry the text, which is a secret.

package enum QRCodeError: Error, Equatable {
    /// A code of nothing helps nobody.
    case textEmpty
    /// More than `QRCode.textBytesMax`.
    case textTooLong(bytes: Int)
    /// libqrencode gave up, with this `errno`: for a text of permitted length, out of memory.
    case encodingFailed(code: Int32)
    /// zlib gave up, with this result: for memory to memory, out of memory.
    case compressionFailed(code: Int32)
}

extension QRCodeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .textEmpty:
            "there is no text to draw as a QR code"
        case .textTooLong(let bytes):
            "the text has \(bytes) bytes, a QR code holds \(QRCode.textBytesMax): shorten the label"
        case .encodingFailed(let code):
            "libqrencode drew no QR code (errno \(code))"
        case .compressionFailed(let code):
            "zlib did not compress the QR code's image (result \(code))"
        }
    }
}
