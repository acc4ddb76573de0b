// Where the programs are, and with what environment they start.

import Foundation

package enum Program {
    /// The path of a program of this package.
    ///
    /// SwiftPM links the programs into the directory of the test executable, which on Linux is what
    /// runs: `/proc/self/exe` names it. So no build directory needs to be known or guessed, and a
    /// release build tests the release programs.
    package static func path(_ name: String) throws -> String {
        let folder = try folder()
        let path = folder.appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw HarnessFault("there is no \(name) in \(folder.path); hint: swift build")
        }
        return path
    }

    /// Of the test executable.
    private static func folder() throws -> URL {
        URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent()
    }

    /// Where .ci/install unpacks what it does not install, as if it were `/`.
    package static func unpackedRoot() throws -> String {
        try folder().appending(path: "../../deps").standardizedFileURL.path
    }

    /// A program of Debian's, by PATH, or where .ci/install unpacks what it does not install.
    package static func tool(_ name: String, package: String) throws -> String {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let unpacked = "\(try unpackedRoot())/usr/bin"
        let path = (folders.split(separator: ":").map(String.init) + [unpacked])
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let path else { throw HarnessFault("\(name) is missing: install \(package)") }
        return path
    }

    /// Our own environment without what a service manager says, and with `extra` on top.
    package static func environment(_ extra: [String: String] = [:]) -> [String: String] {
        let manager = [
            "NOTIFY_", "LISTEN_", "WATCHDOG_", "CREDENTIALS_", "JOURNAL_", "INVOCATION_",
        ]
        var variables = ProcessInfo.processInfo.environment.filter { name, _ in
            !manager.contains { name.hasPrefix($0) }
        }
        // The toolchain's own crash report takes a minute.
        variables["SWIFT_BACKTRACE"] = "enable=no"
        return variables.merging(extra) { $1 }
    }
}
