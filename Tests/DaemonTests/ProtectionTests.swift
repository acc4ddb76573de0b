// The process as others on the host see it: no core dump, and no way into its memory even for the
// user it runs as. Needs a second user, so only root can look.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("The real daemon's memory", .serialized, .waits)
struct ProtectionTests {
    /// Debian's `nobody`.
    private static let nobody: uid_t = 65_534

    /// Whether `nobody` can run our programs: the build may lie in a closed home.
    static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        do {
            let test = try Child(
                Program.tool("setpriv", package: "util-linux"),
                asNobody + ["test", "-x", Program.path("totpd")],
                environment: Program.environment())
            return try test.wait() == .exited(0)
        } catch {
            return false
        }
    }()

    private static let asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups"]

    @Test(
        "is closed to the daemon's own user, and leaves no core",
        .enabled(if: isPossible, "needs root, and a build that nobody can reach"))
    func closed() throws {
        let daemon = try DaemonProcess()
        let setpriv = try Program.tool("setpriv", package: "util-linux")
        for path in [daemon.directory.path, daemon.keys] {
            guard chown(path, Self.nobody, Self.nobody) == 0 else {
                throw HarnessFault.call("chown")
            }
        }
        daemon.launcher = [setpriv] + Self.asNobody
        try daemon.start()
        let process = try "/proc/\(daemon.pid)"
        let status = try String(contentsOfFile: process + "/status", encoding: .utf8)
        #expect(status.contains("Uid:\t65534\t65534"))
        let limits = try String(contentsOfFile: process + "/limits", encoding: .utf8)
        let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
        #expect(core?.split(separator: " ").filter { $0 == "0" }.count == 2)

        for name in ["mem", "environ", "maps"] {
            // What is not dumpable belongs to root (proc(5)).
            var info = stat()
            #expect(lstat("\(process)/\(name)", &info) == 0 && info.st_uid == 0)
            let look = try Child(
                setpriv, Self.asNobody + ["head", "-c", "1", "\(process)/\(name)"],
                environment: Program.environment())
            #expect(try look.wait() != .exited(0), "\(name) can be read")
            #expect(look.complaints.contains("Permission denied"))
        }
        // The same look at a process that is not protected succeeds.
        let control = try Child(
            setpriv, Self.asNobody + ["head", "-c", "1", "/proc/self/environ"],
            environment: Program.environment())
        #expect(try control.wait() == .exited(0))
        #expect(try daemon.stop() == .exited(0))
    }
}
