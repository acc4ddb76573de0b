// What a file of systemd-creds(1) says of itself without being opened: which states of the firmware
// its TPM wants to see. A file of another form says nothing.
//
// The form is that of src/shared/creds-util.c in systemd 250 and later: base64 of a header (the
// kind of key (16), the sizes of the key, the block, the IV and the tag (4 each), the IV, zeros up
// to a multiple of 8) and, where a TPM has part in the key, of another that begins with a mask of
// PCRs (8). Numbers are little-endian.

import FoundationEssentials
import Glibc

struct SealedCredential {
    /// The state of Secure Boot: what systemd-creds takes when nobody says which.
    static let secureBoot = 7

    /// PCRs that the TPM compares, by number; nil where no TPM has part in the key.
    let registers: Set<Int>?

    /// CRED_AES256_GCM_BY_TPM2_HMAC, …_BY_TPM2_HMAC_WITH_PK, …_BY_HOST_AND_TPM2_HMAC,
    /// …_BY_HOST_AND_TPM2_HMAC_WITH_PK.
    private static let kindsWithTPM = Set([
        "0c7cc07b117645919c4b0bea08bc20fe", "faf7eb9341e3412ca1a436f95a29362f",
        "93a894094874449090caf2fc93cab553", "af4950a849134eb1a73846304ff30c05",
    ])
    /// CRED_AES256_GCM_BY_HOST, …_BY_NULL.
    private static let kindsWithoutTPM = Set([
        "5a1c6a86df9d4096b1d5a65e0862f19a", "058469daf6f54324800549da0f8ea2fb",
    ])

    private static let kindBytes = 16
    private static let headerBytes = 32
    private static let sizeOfIV = 24
    /// systemd takes none that is longer.
    private static let bytesMax = 1_179_648

    /// Nil for what is no such file.
    init?(path: String) {
        guard let text = Self.text(of: path),
            let bytes = Data(base64Encoded: text, options: .ignoreUnknownCharacters)
        else { return nil }
        self.init(Array(bytes))
    }

    /// Its beginning, if it is longer than any.
    private static func text(of path: String) -> Data? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text = Data()
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while text.count < bytesMax * 2 {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            text.append(contentsOf: piece[..<count])
        }
        return text
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.headerBytes else { return nil }
        let kind = bytes[..<Self.kindBytes].map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        guard Self.kindsWithTPM.contains(kind) else {
            guard Self.kindsWithoutTPM.contains(kind) else { return nil }
            registers = nil
            return
        }
        let lengthOfIV = Self.number(bytes[Self.sizeOfIV..<Self.sizeOfIV + 4])
        guard lengthOfIV <= 16 * 1024 else { return nil }
        let start = (Self.headerBytes + Int(lengthOfIV) + 7) / 8 * 8
        guard bytes.count >= start + 8 else { return nil }
        let mask = Self.number(bytes[start..<start + 8])
        registers = Set((0..<64).filter { mask >> UInt64($0) & 1 == 1 })
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
