// The picture of an enrolment, which a phone reads from the screen. Drawing it is slow work.

import FoundationEssentials
import QRCode
import Wire

extension Enrolled {
    /// The same with a picture of its URI; nil when none can be drawn.
    func withPicture(_ form: EnrollRequest.QRForm) -> Enrolled? {
        do throws(QRCodeError) {
            let code = try QRCode(text: uri)
            let picture: String
            switch form {
            case .svg: picture = code.svg()
            case .text: picture = code.terminalText()
            case .png:
                let png = Data(try code.png())
                picture = "data:image/png;base64," + png.base64EncodedString()
            }
            return Enrolled(secret: secret, uri: uri, qr: picture, expiresIn: expiresIn)
        } catch {
            // The limits on names keep every key URI well below what a QR code holds.
            return nil
        }
    }
}
