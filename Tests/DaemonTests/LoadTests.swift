// The load generator against the real daemon, at a size that shows it works; its figures are for
// people, in README.md, and no test looks at them.

import DaemonHarness
import Testing

@Suite("totpload")
struct LoadTests {
    private func load(
        _ daemon: DaemonProcess, _ arguments: [String]
    ) throws -> (ending: Child.Ending, printed: String) {
        let tool = try Child(
            Program.path("totpload"),
            ["--socket", daemon.socket, "--admin-socket", daemon.adminSocket] + arguments,
            environment: Program.environment())
        return (try tool.wait(), tool.printed + tool.complaints)
    }

    @Test("gets the reply it expects to every request")
    func allExpected() throws {
        let daemon = try DaemonProcess.ready()
        let run = try load(
            daemon, ["--accounts", "600", "--shape", "1x1:50", "--shape", "10x4:500"])
        #expect(run.ending == .exited(0), "\(run.printed)")
        #expect(run.printed.contains("0 unexpected"))
        let check = try daemon.check()
        #expect(check.ending == .exited(0), "\(check.printed)")
        #expect(check.printed.contains("600 accounts, 1150 events, 0 problems"))
    }

    @Test("says so when a reply is not what it expected")
    func unexpected() throws {
        let daemon = try DaemonProcess.ready()
        let first = try load(daemon, ["--accounts", "40", "--shape", "2x2:40"])
        #expect(first.ending == .exited(0), "\(first.printed)")
        // The same codes once more.
        let again = try load(daemon, ["--accounts", "40", "--shape", "2x2:40", "--no-import"])
        #expect(again.ending == .exited(3), "\(again.printed)")
        #expect(again.printed.contains("replayed"))
    }
}
