// Which names lead to a credential.

import Testing

@testable import Systemd

@Suite struct CredentialsTests {
    private let environment = ["CREDENTIALS_DIRECTORY": "/run/credentials/totpd.service"]

    @Test("without the variable there are no credentials")
    func absent() throws {
        #expect(try Credentials(environment: [:]) == nil)
    }

    @Test("names lead into the directory", arguments: ["totpd.keys", "a", "..keys", "a b"])
    func paths(name: String) throws {
        let credentials = try #require(try Credentials(environment: environment))
        #expect(try credentials.path(of: name) == "/run/credentials/totpd.service/\(name)")
    }

    @Test(
        "names that lead elsewhere are refused",
        arguments: [
            "", ".", "..", "/", "/etc/shadow", "../totpd.keys", "a/b", "a/", "a\0b",
        ])
    func names(name: String) throws {
        let credentials = try #require(try Credentials(environment: environment))
        #expect(throws: SystemdError.credentialNameUnfit(name: name)) {
            try credentials.path(of: name)
        }
    }

    @Test("a directory that depends on where we are is refused", arguments: ["", "run", "/a\0b"])
    func directory(value: String) {
        let error = SystemdError.variableMalformed(name: "CREDENTIALS_DIRECTORY", value: value)
        #expect(throws: error) { try Credentials(environment: ["CREDENTIALS_DIRECTORY": value]) }
    }
}
