// The machine under test, and commands on it as an admin types them.

import DaemonHarness
import Foundation

enum Host {
    /// Whether the first process is the systemd of with-systemd. Only root can see that, and only
    /// there: on any other machine these tests are skipped.
    static let isThrowAway: Bool = {
        let bytes = FileManager.default.contents(atPath: "/proc/1/environ") ?? Data()
        return bytes.split(separator: 0).contains(Data("container=with-systemd".utf8))
    }()

    /// The package that `make deb` made last.
    static func package() throws -> String {
        let folder = FileManager.default.currentDirectoryPath + "/.build/deb"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let packages = names.filter { $0.hasSuffix(".deb") }
        guard packages.count == 1, let name = packages.first else {
            throw HarnessFault("one package is expected in \(folder); hint: make deb")
        }
        return "\(folder)/\(name)"
    }

    struct Result {
        let ending: Child.Ending
        let printed: String
        let complaints: String
    }

    /// Runs a command line of bash to its end, whatever that is.
    static func attempt(
        _ command: String, environment: [String: String] = [:],
        _ deadline: Deadline = Deadline(seconds: 60)
    ) throws -> Result {
        let extra = ["LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"]
        let shell = try Child(
            "/bin/bash", ["-euo", "pipefail", "-c", command],
            environment: Program.environment(extra.merging(environment) { $1 }))
        let ending = try shell.wait(deadline)
        return Result(ending: ending, printed: shell.printed, complaints: shell.complaints)
    }

    /// Runs a command line of bash that must succeed, and returns what it printed.
    @discardableResult
    static func run(
        _ command: String, environment: [String: String] = [:],
        _ deadline: Deadline = Deadline(seconds: 60)
    ) throws -> String {
        let result = try attempt(command, environment: environment, deadline)
        guard result.ending == .exited(0) else {
            throw HarnessFault(
                "\(command): \(result.ending): \(result.printed)\(result.complaints)")
        }
        return result.printed.trimmingCharacters(in: .newlines)
    }

    /// Installing a package need not index all manual pages of the machine; and it brings its own,
    /// which a container's image may leave out.
    static func quicken() throws {
        try Host.run("rm -rf /var/lib/man-db/auto-update /etc/dpkg/dpkg.cfg.d")
    }

    /// Makes it a host that has never seen totpd.
    static func wipe() throws {
        try quicken()
        try run(
            """
            dpkg --purge totpd >/dev/null 2>&1 || true
            rm -rf /etc/totpd /etc/systemd/system/totpd* /var/lib/totpd /var/backups/totpd
            find /etc/systemd/system -name 'totpd*' -delete
            systemctl daemon-reload
            ! getent passwd totpd >/dev/null || userdel totpd
            """)
    }

    static func write(_ text: String, to path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// A file beside this one.
    static func source(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: name).path
    }
}
