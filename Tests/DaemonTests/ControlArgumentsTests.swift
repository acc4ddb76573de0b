// totpctl where its arguments cannot be read: help, and a success, would be a quiet wrong yes.

import DaemonHarness
import Glibc
import Scratch
import Testing

@Suite("totpctl without /proc")
struct ControlArgumentsTests {
    @Test(
        "has done nothing, and says so",
        .enabled(if: SmallDisk.isPossible, "only root can mount over /proc"))
    func withoutArguments() throws {
        let place = try TemporaryDirectory()
        let copy = place.path(of: "copy")
        let script = "mount -t tmpfs none /proc && exec \"$0\" \"$@\""
        let tool = try Child(
            "/usr/bin/unshare",
            ["--mount", "/bin/sh", "-c", script, Program.path("totpctl"), "backup", copy],
            environment: Program.environment([:]))
        #expect(try tool.wait() == .exited(1) && tool.printed == "")
        #expect(tool.complaints.contains("is /proc mounted?"), "\(tool.complaints)")
        #expect(access(copy, F_OK) != 0)
    }
}
