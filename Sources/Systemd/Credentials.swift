// Finds the credentials that systemd unsealed for this service (systemd.exec(5)): a name leads to a
// path inside their directory.

package struct Credentials: Sendable, Equatable {
    private let directory: String

    /// Nil when the unit sets no credentials.
    package init?(environment: [String: String]) throws(SystemdError) {
        guard let directory = environment["CREDENTIALS_DIRECTORY"] else { return nil }
        guard directory.hasPrefix("/"), !directory.utf8.contains(0) else {
            throw .variableMalformed(name: "CREDENTIALS_DIRECTORY", value: directory)
        }
        self.directory = directory
    }

    /// Where the credential is, if there is one of that name.
    package func path(of name: String) throws(SystemdError) -> String {
        guard !["", ".", ".."].contains(name), !name.utf8.contains(UInt8(ascii: "/")),
            !name.utf8.contains(0)
        else { throw .credentialNameUnfit(name: name) }
        return "\(directory)/\(name)"
    }
}
