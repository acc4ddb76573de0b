// What this program was built from: a version and a commit. The commit stands in the build id,
// which the linker writes last: so a new commit compiles nothing again, and a core dump names it.

package enum Release {
    /// Of all programs and of the package; CHANGELOG.md says what it changes.
    package static let version = "0.2.0"

    /// For `--version`.
    package static let text = commit.map { "\(version) (commit \($0))" } ?? version

    /// Forty hexadecimal digits, with ` and changes` behind them when the tree had any; nil where
    /// `make build` did not know of a commit.
    package static let commit = commit(inBuildID: BuildID.ofThisProgram)

    /// `make build` writes it: these bytes, 0 or 1 for changes, and the commit.
    private static let mark = Array("totpd".utf8)
    private static let commitBytes = 20

    static func commit(inBuildID bytes: [UInt8]) -> String? {
        guard bytes.starts(with: mark) else { return nil }
        let rest = bytes.dropFirst(mark.count)
        guard rest.count == 1 + commitBytes, let changes = rest.first, changes <= 1 else {
            return nil
        }
        let digits = rest.dropFirst().map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return digits.joined() + (changes == 1 ? " and changes" : "")
    }
}
