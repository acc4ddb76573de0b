// The metrics of the real daemon before outside judges: Prometheus' own promtool for its format,
// and its client library's strict reader for OpenMetrics. Each refuses what the other is for.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("Metrics of the real daemon", .waits)
struct MetricsJudgeTests {
    private let daemon: DaemonProcess

    /// One that has something to tell: refusals, lines that are no requests, keys that change.
    init() throws {
        daemon = try DaemonProcess.ready()
        let ada = try daemon.imported("ada")
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
        let limit = #"{"op":"limit","key":"login","max":5,"per":3600}"#
        for line in [ada.verifying(ada.wrongCode()), "no request", #"{"op":"hello"}"#, limit] {
            _ = try daemon.ask(line)
        }
        // The keys are counted, so that their numbers are there.
        #expect(try daemon.askAsAdmin(#"{"op":"apps"}"#).ok)
        #expect(try daemon.askAsAdmin(#"{"op":"rotate_key","key":"record"}"#).ok)
    }

    /// A file with the text in that format.
    private func text(_ format: String) throws -> String {
        let path = daemon.directory.path(of: format)
        let arguments = ["stats", "--metrics", format, "--socket", daemon.adminSocket]
        let (ending, printed) = try daemon.control(arguments)
        try #require(ending == .exited(0), "\(printed)")
        try printed.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func judge(
        _ command: [String], _ path: String
    ) throws -> (ending: Child.Ending, said: String) {
        // A Child finds nothing on its standard input.
        let script = #"file=$1; shift; exec "$@" < "$file""#
        let judge = try Child(
            "/bin/sh", ["-c", script, "judge", path] + command,
            environment: Program.environment())
        return (try judge.wait(), judge.printed + judge.complaints)
    }

    private func promtool(_ path: String) throws -> (ending: Child.Ending, said: String) {
        try judge([Program.tool("promtool", package: "prometheus"), "check", "metrics"], path)
    }

    /// Prints the families that have samples.
    private func library(_ path: String) throws -> (ending: Child.Ending, said: String) {
        let script = """
            import sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            for family in text_string_to_metric_families(sys.stdin.read()):
                if family.samples: print(family.name, family.type)
            """
        // Debian's, since the library is: another may come first in PATH.
        return try judge(["/usr/bin/python3", "-c", script], path)
    }

    @Test("pass promtool, which refuses OpenMetrics")
    func prometheus() throws {
        let (ending, said) = try promtool(text("prometheus"))
        #expect(ending == .exited(0) && said.isEmpty, "\(said)")
        #expect(try promtool(text("openmetrics")).ending != .exited(0))
    }

    @Test("pass the reader of OpenMetrics, which refuses the older format")
    func openMetrics() throws {
        let (ending, said) = try library(text("openmetrics"))
        #expect(ending == .exited(0), "\(said)")
        for family in [
            "totpd_requests counter", "totpd_batch_seconds histogram", "totpd_room_bytes gauge",
            "totpd_app_limit_keys gauge", "totpd_limit_keys_counted_timestamp_seconds gauge",
        ] {
            #expect(said.contains(family), "\(said)")
        }
        #expect(try library(text("prometheus")).ending != .exited(0))
    }
}
