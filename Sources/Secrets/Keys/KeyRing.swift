// The master keys, in the order of the key file: the first seals, all of them open. A message about
// a bad key file names the line and never quotes it.

package struct KeyRing: Sendable {
    package let keys: [MasterKey]
    /// The key that seals from now on.
    package var current: MasterKey { keys[0] }

    /// A ring of at least one key.
    package init(current: MasterKey, older: [MasterKey] = []) {
        keys = [current] + older
    }

    package func key(_ id: KeyID) -> MasterKey? {
        keys.first { $0.id == id }
    }

    /// Reads the text of a key file: a key a line, blank lines and lines that start with `#` aside.
    package init(text: UnsafeRawBufferPointer) throws(KeyFileFault) {
        var keys: [MasterKey] = []
        var number = 0
        var start = 0
        while start < text.count {
            number += 1
            let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            let line = UnsafeRawBufferPointer(rebasing: text[start..<end])
            start = end + 1
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let key = try Self.parse(line, number)
            guard !keys.contains(where: { $0.id == key.id }) else {
                throw .malformed(line: number, "a second key has the id \(key.id)")
            }
            keys.append(key)
        }
        guard !keys.isEmpty else { throw .noKey }
        self.keys = keys
    }

    /// What is wrong with a line that is no key, as far as its form tells.
    private static func mistake(_ line: UnsafeRawBufferPointer) -> String {
        let blanks = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        if line.starts(with: [0xEF, 0xBB, 0xBF]) || line.starts(with: [0xFF, 0xFE]) {
            return "it begins with a byte order mark; plain ASCII is expected"
        }
        if line.last == UInt8(ascii: "\r") {
            return "it ends in a carriage return, as Windows writes lines; LF alone is expected"
        }
        if line.first.map(blanks.contains) ?? false || line.last.map(blanks.contains) ?? false {
            return "there are blanks before or behind the key"
        }
        let expected = "expected '\(MasterKey.prefix)', 8 and 64 hexadecimal digits"
        guard line.starts(with: Array(MasterKey.prefix.utf8)) else {
            return "\(expected); a credential that systemd-creds has sealed is no key file: "
                + "LoadCredentialEncrypted= opens it"
        }
        return expected
    }

    private static func parse(
        _ line: UnsafeRawBufferPointer, _ number: Int
    ) throws(KeyFileFault) -> MasterKey {
        let prefix = Array(MasterKey.prefix.utf8) + [UInt8(ascii: " ")]
        let idStart = prefix.count
        let keyStart = idStart + 9
        let keyEnd = keyStart + 2 * SealingKey.keyBytes
        guard line.starts(with: prefix), line.count == keyEnd,
            line[keyStart - 1] == UInt8(ascii: " ")
        else {
            throw .malformed(line: number, mistake(line))
        }
        var id: UInt32 = 0
        for digit in line[idStart..<(idStart + 8)] {
            guard let value = Hex.value(digit) else {
                throw .malformed(line: number, "the id is not hexadecimal")
            }
            id = id << 4 | UInt32(value)
        }
        let digits = UnsafeRawBufferPointer(rebasing: line[keyStart..<keyEnd])
        let key = try SecretBytes(count: SealingKey.keyBytes) { key throws(KeyFileFault) in
            guard Hex.decode(digits, into: key) else {
                throw .malformed(line: number, "the key is not hexadecimal")
            }
        }
        return MasterKey(id: KeyID(rawValue: id), key: key)
    }
}
