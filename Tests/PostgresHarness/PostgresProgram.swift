// Where the programs of PostgreSQL's server are, and how one runs that ends with the tests.

import DaemonHarness
import Foundation

enum PostgresProgram {
    /// Debian keeps them outside of PATH, a directory for each major version.
    static func path(_ name: String) throws -> String {
        let installed = "/usr/lib/postgresql"
        let unpacked = try Program.unpackedRoot() + installed
        for folder in [installed, unpacked] where FileManager.default.fileExists(atPath: folder) {
            let versions = try FileManager.default.contentsOfDirectory(atPath: folder)
                .compactMap { Int($0) }.sorted(by: >)
            let paths = versions.map { "\(folder)/\($0)/bin/\(name)" }
            if let path = paths.first(where: FileManager.default.isExecutableFile) { return path }
        }
        throw HarnessFault("\(name) is missing: install postgresql")
    }

    /// The program and arguments that run a program of the server's: it refuses to run as root, and
    /// must not outlive a test that crashed.
    static func command(_ name: String, _ arguments: [String]) throws -> (String, [String]) {
        // The clone may be where only root may look.
        let look = ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
        let user = ["--reuid", "\(nobody)", "--regid", "\(nobody)", "--clear-groups"] + look
        let setpriv = try Program.tool("setpriv", package: "util-linux")
        return (
            setpriv,
            (geteuid() == 0 ? user : []) + ["--pdeathsig", "QUIT", try path(name)] + arguments
        )
    }

    static let nobody: uid_t = 65_534
}
