// The numbers of a running totpd as an admin reads them, and as JSON.

import JSON

package struct Figures: Sendable {
    package var version = ""
    package var uptime: Int64 = 0
    package var requests: [RequestCount] = []
    package var apps: [App] = []
    package var appConnections = 0
    package var adminConnections = 0
    package var watchers = 0
    package var lane = Lane()
    package var store = Store()
    /// Nil before the first count.
    package var limitKeys: LimitKeys?
    package var jobs: [JobRow] = []

    package struct App: Sendable {
        package let name: String
        package let connections: Int
        /// Of `limit`; nil when they were not counted yet.
        package let limitKeys: Int?
        package let requests: [RequestCount]

        package init(
            name: String, connections: Int, limitKeys: Int?, requests: [RequestCount]
        ) {
            (self.name, self.connections) = (name, connections)
            (self.limitKeys, self.requests) = (limitKeys, requests)
        }
    }

    /// What is to be known of a count of the keys of `limit`, beside the numbers.
    package struct LimitKeys: Equatable, Sendable {
        /// When it began, in seconds since 1970.
        package let at: Int64
        /// Keys whose app is not known.
        package let unattributed: Int
        /// Records that do not open, so that nobody knows what they hold.
        package let unreadable: Int

        package init(at: Int64, unattributed: Int, unreadable: Int) {
            (self.at, self.unattributed, self.unreadable) = (at, unattributed, unreadable)
        }
    }

    package struct Lane: Sendable {
        package var batches = 0
        package var changes = 0
        package var batchMax = 0
        package var refused = 0
        package var waiting = 0
        /// Of a batch, in microseconds.
        package var p50: Int64 = 0
        package var p99: Int64 = 0
        package var max: Int64 = 0
        package var sum: Int64 = 0
        /// How many batches took less than so many microseconds, for rising times.
        package var faster: [(microseconds: Int64, count: Int)] = []

        package init() {}
    }

    package struct Store: Sendable {
        package var apps = 0
        package var accounts = 0
        package var firstEvent: UInt64 = 1
        package var lastEvent: UInt64 = 0
        package var chain: String?
        package var eventBytes = 0
        package var eventBytesMax: Int?
        package var omittedEvents = 0
        package var logBytes = 0
        package var logBytesMax = 0
        package var databaseBytes = 0
        package var roomBytes: Int?
        package var masterKey: String?
        package var recordKeys: [String] = []

        package init() {}
    }

    package init() {}
}

extension JSONWriter {
    mutating func write(_ figures: Figures) {
        field("version", figures.version)
        field("uptime", figures.uptime)
        field("requests", figures.requests.byOperation)
        nested("connections") { writer in
            writer.field("apps", figures.appConnections)
            writer.field("admins", figures.adminConnections)
            writer.field("watchers", figures.watchers)
        }
        nested("by_app", each: figures.apps) { writer, app in
            writer.field("app", app.name)
            writer.field("connections", app.connections)
            if let keys = app.limitKeys { writer.field("limit_keys", keys) }
            writer.field("requests", app.requests.byName)
        }
        if let keys = figures.limitKeys { write(keys) }
        nested("lane") { $0.write(figures.lane) }
        nested("store") { $0.write(figures.store) }
        nested("jobs", each: figures.jobs) { writer, job in
            writer.field("name", job.name)
            writer.field("done", job.done)
            writer.field("total", job.total)
        }
    }

    mutating func write(_ keys: Figures.LimitKeys) {
        field("limit_keys_at", keys.at)
        if keys.unattributed > 0 { field("limit_keys_unattributed", keys.unattributed) }
        if keys.unreadable > 0 { field("limit_records_unreadable", keys.unreadable) }
    }

    private mutating func write(_ lane: Figures.Lane) {
        field("batches", lane.batches)
        field("changes", lane.changes)
        field("batch_max", lane.batchMax)
        field("refused", lane.refused)
        field("waiting", lane.waiting)
        field("p50_us", lane.p50)
        field("p99_us", lane.p99)
        field("max_us", lane.max)
    }

    private mutating func write(_ store: Figures.Store) {
        field("apps", store.apps)
        field("accounts", store.accounts)
        field("first_event", Int64(clamping: store.firstEvent))
        field("last_event", Int64(clamping: store.lastEvent))
        if let chain = store.chain { field("chain", chain) }
        field("event_bytes", store.eventBytes)
        if let bound = store.eventBytesMax { field("event_bytes_max", bound) }
        field("events_omitted", store.omittedEvents)
        field("log_bytes", store.logBytes)
        field("log_bytes_max", store.logBytesMax)
        field("database_bytes", store.databaseBytes)
        if let room = store.roomBytes { field("room_bytes", room) }
        if let key = store.masterKey { field("master_key", key) }
        field("record_keys", store.recordKeys)
    }
}
