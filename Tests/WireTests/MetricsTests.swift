// The figures as text, byte for byte in both formats, and how they differ. Whether Prometheus' own
// reader takes it is shown with the real daemon.

import Testing
import Wire

@Suite("Metrics")
struct MetricsTests {
    private static func figures() -> Figures {
        var figures = Figures()
        (figures.version, figures.uptime) = ("1.2.3", 90)
        figures.requests = [
            RequestCount(op: "verify", result: "ok", count: 7),
            RequestCount(op: "none", result: "bad_request", count: 1),
        ]
        figures.apps = [
            Figures.App(
                name: "shop", connections: 3, limitKeys: 1_000_000,
                requests: [RequestCount(op: "verify", result: "ok", count: 7)])
        ]
        figures.limitKeys = Figures.LimitKeys(
            at: 1_767_225_600, unattributed: 2, unreadable: 1)
        (figures.appConnections, figures.adminConnections, figures.watchers) = (3, 2, 1)
        figures.lane.batches = 5
        figures.lane.changes = 8
        figures.lane.refused = 1
        figures.lane.waiting = 4
        figures.lane.sum = 1_000_405
        figures.lane.faster = [(64, 2), (1_048_576, 4)]
        (figures.store.apps, figures.store.accounts) = (2, 6)
        figures.store.lastEvent = 9
        (figures.store.eventBytes, figures.store.eventBytesMax) = (1024, 1 << 33)
        figures.store.omittedEvents = 12
        figures.store.logBytes = 4096
        figures.store.databaseBytes = 8192
        figures.store.roomBytes = 1 << 30
        figures.jobs = [JobRow(name: "rotate_key", done: 3, total: 10)]
        return figures
    }

    private static let health = Health(
        state: .degraded, reasons: ["disk_low"], clock: "unknown", laneWait: 5, roomBytes: 1,
        keptAgo: nil)

    private static func text(_ format: MetricsFormat) -> String {
        Metrics(figures(), health, format).text
    }

    private static let openMetrics = """
        # HELP totpd_build_info The version that runs.
        # TYPE totpd_build_info gauge
        totpd_build_info{version="1.2.3"} 1
        # HELP totpd_uptime_seconds How long it has been running.
        # TYPE totpd_uptime_seconds gauge
        totpd_uptime_seconds 90
        # HELP totpd_health 1 for the state that totpd is in.
        # TYPE totpd_health gauge
        totpd_health{state="ok"} 0
        totpd_health{state="degraded"} 1
        totpd_health{state="failing"} 0
        # HELP totpd_requests Requests that were answered, by what they came to.
        # TYPE totpd_requests counter
        totpd_requests_total{op="verify",result="ok"} 7
        totpd_requests_total{op="none",result="bad_request"} 1
        # HELP totpd_connections Connections that are open.
        # TYPE totpd_connections gauge
        totpd_connections{socket="apps"} 3
        totpd_connections{socket="admin"} 2
        # HELP totpd_app_requests Requests of an app, by what they came to.
        # TYPE totpd_app_requests counter
        totpd_app_requests_total{app="shop",op="verify",result="ok"} 7
        # HELP totpd_app_connections Connections of an app that are open.
        # TYPE totpd_app_connections gauge
        totpd_app_connections{app="shop"} 3
        # HELP totpd_app_limit_keys Keys of limit that an app has, at the time of the count.
        # TYPE totpd_app_limit_keys gauge
        totpd_app_limit_keys{app="shop"} 1000000
        # HELP totpd_limit_keys_counted_timestamp_seconds When the count of the keys of limit began.
        # TYPE totpd_limit_keys_counted_timestamp_seconds gauge
        totpd_limit_keys_counted_timestamp_seconds 1767225600
        # HELP totpd_limit_keys_unattributed Keys of limit and sources whose app is not known, at \
        the time of the count.
        # TYPE totpd_limit_keys_unattributed gauge
        totpd_limit_keys_unattributed 2
        # HELP totpd_limit_records_unreadable Records of limits that do not open, at the time of \
        the count.
        # TYPE totpd_limit_records_unreadable gauge
        totpd_limit_records_unreadable 1
        # HELP totpd_watchers Admin connections that watch events.
        # TYPE totpd_watchers gauge
        totpd_watchers 1
        # HELP totpd_changes Requests that the writer lane has decided.
        # TYPE totpd_changes counter
        totpd_changes_total 8
        # HELP totpd_changes_waiting Requests that wait for the writer lane.
        # TYPE totpd_changes_waiting gauge
        totpd_changes_waiting 4
        # HELP totpd_batches_refused Batches that found no room on the disk.
        # TYPE totpd_batches_refused counter
        totpd_batches_refused_total 1
        # HELP totpd_batch_seconds How long a batch took to decide and to keep.
        # TYPE totpd_batch_seconds histogram
        totpd_batch_seconds_bucket{le="0.000064"} 2
        totpd_batch_seconds_bucket{le="1.048576"} 4
        totpd_batch_seconds_bucket{le="+Inf"} 5
        totpd_batch_seconds_sum 1.000405
        totpd_batch_seconds_count 5
        # HELP totpd_apps Apps that have accounts.
        # TYPE totpd_apps gauge
        totpd_apps 2
        # HELP totpd_accounts Accounts of all apps, as the operation apps counts them.
        # TYPE totpd_accounts gauge
        totpd_accounts 6
        # HELP totpd_events Events that were ever kept.
        # TYPE totpd_events counter
        totpd_events_total 9
        # HELP totpd_events_omitted Events that were left out since the start.
        # TYPE totpd_events_omitted counter
        totpd_events_omitted_total 12
        # HELP totpd_event_bytes Bytes of the events in the database.
        # TYPE totpd_event_bytes gauge
        totpd_event_bytes 1024
        # HELP totpd_event_bytes_max Bytes that events may take in the database.
        # TYPE totpd_event_bytes_max gauge
        totpd_event_bytes_max 8589934592
        # HELP totpd_log_bytes Bytes of the log that are in use.
        # TYPE totpd_log_bytes gauge
        totpd_log_bytes 4096
        # HELP totpd_database_bytes Bytes of the database.
        # TYPE totpd_database_bytes gauge
        totpd_database_bytes 8192
        # HELP totpd_room_bytes Bytes that are free where the store lies.
        # TYPE totpd_room_bytes gauge
        totpd_room_bytes 1073741824
        # HELP totpd_job_records_done Records that a job has been through.
        # TYPE totpd_job_records_done gauge
        totpd_job_records_done{job="rotate_key"} 3
        # HELP totpd_job_records_expected Records that a job has to go through.
        # TYPE totpd_job_records_expected gauge
        totpd_job_records_expected{job="rotate_key"} 10
        # EOF

        """

    @Test("are OpenMetrics, line by line")
    func openMetrics() {
        let said = Self.text(.openMetrics).split(separator: "\n", omittingEmptySubsequences: false)
        let due = Self.openMetrics.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(said == due)
    }

    @Test("differ for Prometheus in the names of counters' families, and in nothing else")
    func prometheus() {
        let counters = [
            "totpd_requests", "totpd_changes", "totpd_batches_refused", "totpd_events",
            "totpd_events_omitted", "totpd_app_requests",
        ]
        var due = Self.openMetrics
        due.removeLast("# EOF\n".count)
        for name in counters {
            due = due.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                for word in ["HELP", "TYPE"] where line.hasPrefix("# \(word) \(name) ") {
                    return "# \(word) \(name)_total" + line.dropFirst("# \(word) \(name)".count)
                }
                return String(line)
            }.joined(separator: "\n")
        }
        #expect(Self.text(.prometheus) == due)
    }

    @Test("leave out what is not known, and name no room that nobody has measured")
    func unknown() {
        var figures = Self.figures()
        figures.store.roomBytes = nil
        let text = Metrics(figures, Self.health, .openMetrics).text
        #expect(!text.contains("totpd_room_bytes"))
        #expect(text.hasSuffix("# EOF\n"))
    }
}
