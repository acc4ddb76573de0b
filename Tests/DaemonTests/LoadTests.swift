// The load generator against the real daemon, at a size that shows it works; its figures are for
// people, in docs/benchmarks.md, and no test looks at them.

import DaemonHarness
import Patience
import Testing

@Suite("totpload", .waits)
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

    @Test("says how much processor time each thread of totpd has had")
    func threads() throws {
        let daemon = try DaemonProcess.ready()
        let process = String(try daemon.pid)
        let run = try load(
            daemon, ["--accounts", "300", "--shape", "10x4", "--threads-of", process])
        #expect(run.ending == .exited(0), "\(run.printed)")
        let line = run.printed.split(separator: "\n").first { $0.hasPrefix("threads, 10 con") }
        #expect(line?.contains("NIO-ELT") == true, "\(run.printed)")
        let vain = try load(
            daemon, ["--accounts", "1", "--prefix", "b", "--threads-of", "999999999"])
        #expect(vain.ending == .exited(1), "\(vain.printed)")
    }

    @Test("gets a yes, a wrong_code or a limit, each for the request that is to get it")
    func mixed() throws {
        let daemon = try DaemonProcess.ready()
        let run = try load(daemon, ["--accounts", "600", "--shape", "10x4", "--mix"])
        #expect(run.ending == .exited(0), "\(run.printed)")
        let check = try daemon.check()
        #expect(check.printed.contains("600 accounts"), "\(check.printed)")
        let admin = try daemon.connectAsAdmin()
        try admin.send(#"{"op":"events","result":"wrong_code","count":1}"#)
        #expect(try admin.receive()?.contains(#""result":"wrong_code""#) == true)
        // An account of which one code was wrong has not used the right one.
        let again = try load(daemon, ["--accounts", "600", "--shape", "10x4", "--no-import"])
        #expect(again.ending == .exited(3), "\(again.printed)")
    }

    @Test("asks for a limit of each key, and counts those that find no room")
    func keys() throws {
        let daemon = try DaemonProcess.ready()
        let run = try load(daemon, ["--accounts", "1", "--keys", "70000", "--shape", "4x64"])
        #expect(run.ending == .exited(0), "\(run.printed)")
        #expect(run.printed.contains("refused for want of room: 0 of 70000"), "\(run.printed)")
        let check = try daemon.check()
        #expect(check.ending == .exited(0), "\(check.printed)")
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
