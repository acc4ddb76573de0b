// The figures as text for a monitoring system, in either of two formats. They differ in what a
// counter's family is called, and neither reads the other's: OpenMetrics 1.0 leaves `_total` to
// the sample, Prometheus' text format 0.0.4 has it in both.

package struct Metrics: Sendable {
    private enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    package private(set) var text = ""
    private let format: MetricsFormat

    package init(_ figures: Figures, _ health: Health, _ format: MetricsFormat) {
        self.format = format
        family("totpd_build_info", .gauge, "The version that runs.")
        sample("totpd_build_info", [("version", figures.version)], "1")
        family("totpd_uptime_seconds", .gauge, "How long it has been running.")
        sample("totpd_uptime_seconds", [], "\(figures.uptime)")
        family("totpd_health", .gauge, "1 for the state that totpd is in.")
        for state in Health.State.allCases {
            let value = state == health.state ? "1" : "0"
            sample("totpd_health", [("state", state.rawValue)], value)
        }
        appendRequests(figures)
        append(figures.lane)
        append(figures.store)
        appendJobs(figures)
        if case .openMetrics = format { text += "# EOF\n" }
    }

    private mutating func appendRequests(_ figures: Figures) {
        family("totpd_requests", .counter, "Requests that were answered, by what they came to.")
        for row in figures.requests {
            let labels = [("op", row.op), ("result", row.result)]
            sample("totpd_requests_total", labels, "\(row.count)")
        }
        family("totpd_connections", .gauge, "Connections that are open.")
        sample("totpd_connections", [("socket", "apps")], "\(figures.appConnections)")
        sample("totpd_connections", [("socket", "admin")], "\(figures.adminConnections)")
        family("totpd_app_requests", .counter, "Requests of an app, by what they came to.")
        for app in figures.apps {
            for row in app.requests {
                let labels = [("app", app.name), ("op", row.op), ("result", row.result)]
                sample("totpd_app_requests_total", labels, "\(row.count)")
            }
        }
        family("totpd_app_connections", .gauge, "Connections of an app that are open.")
        for app in figures.apps {
            sample("totpd_app_connections", [("app", app.name)], "\(app.connections)")
        }
        if let keys = figures.limitKeys { append(keys, figures.apps) }
        family("totpd_watchers", .gauge, "Admin connections that watch events.")
        sample("totpd_watchers", [], "\(figures.watchers)")
    }

    /// Nothing before the first count: none would be a number.
    private mutating func append(_ keys: Figures.LimitKeys, _ apps: [Figures.App]) {
        let name = "totpd_app_limit_keys"
        family(name, .gauge, "Keys of limit that an app has, at the time of the count.")
        for app in apps {
            if let count = app.limitKeys { sample(name, [("app", app.name)], "\(count)") }
        }
        family(
            "totpd_limit_keys_counted_timestamp_seconds", .gauge,
            "When the count of the keys of limit began.")
        sample("totpd_limit_keys_counted_timestamp_seconds", [], "\(keys.at)")
        family(
            "totpd_limit_keys_unattributed", .gauge,
            "Keys of limit and sources whose app is not known, at the time of the count.")
        sample("totpd_limit_keys_unattributed", [], "\(keys.unattributed)")
        family(
            "totpd_limit_records_unreadable", .gauge,
            "Records of limits that do not open, at the time of the count.")
        sample("totpd_limit_records_unreadable", [], "\(keys.unreadable)")
    }

    private mutating func append(_ lane: Figures.Lane) {
        family("totpd_changes", .counter, "Requests that the writer lane has decided.")
        sample("totpd_changes_total", [], "\(lane.changes)")
        family("totpd_changes_waiting", .gauge, "Requests that wait for the writer lane.")
        sample("totpd_changes_waiting", [], "\(lane.waiting)")
        family("totpd_batches_refused", .counter, "Batches that found no room on the disk.")
        sample("totpd_batches_refused_total", [], "\(lane.refused)")
        let name = "totpd_batch_seconds"
        family(name, .histogram, "How long a batch took to decide and to keep.")
        for (time, count) in lane.faster {
            sample("\(name)_bucket", [("le", Self.seconds(time))], "\(count)")
        }
        sample("\(name)_bucket", [("le", "+Inf")], "\(lane.batches)")
        sample("\(name)_sum", [], Self.seconds(lane.sum))
        sample("\(name)_count", [], "\(lane.batches)")
    }

    private mutating func append(_ store: Figures.Store) {
        family("totpd_apps", .gauge, "Apps that have accounts.")
        sample("totpd_apps", [], "\(store.apps)")
        family("totpd_accounts", .gauge, "Accounts of all apps, as the operation apps counts them.")
        sample("totpd_accounts", [], "\(store.accounts)")
        family("totpd_events", .counter, "Events that were ever kept.")
        sample("totpd_events_total", [], "\(store.lastEvent)")
        family("totpd_events_omitted", .counter, "Events that were left out since the start.")
        sample("totpd_events_omitted_total", [], "\(store.omittedEvents)")
        family("totpd_event_bytes", .gauge, "Bytes of the events in the database.")
        sample("totpd_event_bytes", [], "\(store.eventBytes)")
        if let bound = store.eventBytesMax {
            family("totpd_event_bytes_max", .gauge, "Bytes that events may take in the database.")
            sample("totpd_event_bytes_max", [], "\(bound)")
        }
        family("totpd_log_bytes", .gauge, "Bytes of the log that are in use.")
        sample("totpd_log_bytes", [], "\(store.logBytes)")
        family("totpd_database_bytes", .gauge, "Bytes of the database.")
        sample("totpd_database_bytes", [], "\(store.databaseBytes)")
        guard let room = store.roomBytes else { return }
        family("totpd_room_bytes", .gauge, "Bytes that are free where the store lies.")
        sample("totpd_room_bytes", [], "\(room)")
    }

    private mutating func appendJobs(_ figures: Figures) {
        family("totpd_job_records_done", .gauge, "Records that a job has been through.")
        for job in figures.jobs {
            sample("totpd_job_records_done", [("job", job.name)], "\(job.done)")
        }
        family("totpd_job_records_expected", .gauge, "Records that a job has to go through.")
        for job in figures.jobs {
            sample("totpd_job_records_expected", [("job", job.name)], "\(job.total)")
        }
    }

    // MARK: Lines

    private mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        var name = name
        if case .counter = kind, case .prometheus = format { name += "_total" }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Labels are words of the protocol, names of apps and versions: they need no escapes.
    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        let list = labels.map { "\($0)=\"\($1)\"" }.joined(separator: ",")
        text += name + (list.isEmpty ? "" : "{\(list)}") + " \(value)\n"
    }

    /// Without a fraction that a float could not hold.
    private static func seconds(_ microseconds: Int64) -> String {
        let fraction = String(microseconds % 1_000_000 + 1_000_000).dropFirst()
        return "\(microseconds / 1_000_000).\(fraction)"
    }
}
