// stats, metrics and health: what totpd knows about itself. They change nothing, name nobody, and
// are no events. They are answered even when the lane hangs.

import Accounts
import Store
import Wire

extension Dispatcher {
    func stats(_ answer: @escaping ReplyHandler) {
        report(answer) { [self] in .stats(figures($0)) }
    }

    func metrics(_ format: MetricsFormat, _ answer: @escaping ReplyHandler) {
        report(answer) { [self] report in
            let health = health(.found(report))
            return .metrics(Metrics(figures(report), health, format))
        }
    }

    func health(_ answer: @escaping ReplyHandler) {
        queue.report { [self] outcome in
            if case .failed(let fault) = outcome { warnUnreadable(fault) }
            answer(.admin(.health(health(outcome))))
        }
    }

    private func health(_ outcome: StoreReport.Outcome) -> Health {
        let now = clock()
        return Health(
            outcome, hostClock(), skew: statistics.skew.skew(at: now),
            isBehind: statistics.behind.isSo(at: now),
            isGuessedAt: statistics.guesses.isAnyGuessedAt(at: now),
            isOneSource: statistics.sources.isOne(at: now),
            areAppsFull: loopFigures().areAppsFull, standing: standing.all)
    }

    private func report(
        _ answer: @escaping ReplyHandler, _ reply: @escaping @Sendable (StoreReport) -> AdminReply
    ) {
        queue.report { [self] outcome in
            switch outcome {
            case .found(let report):
                answer(.admin(reply(report)))
                // Whoever asks again soon learns of the keys that there are now.
                return countLimitKeys { _ in }
            case .failed(let fault): warnUnreadable(fault)
            case .late: break
            }
            answer(.refused(Refusal(.unavailable)))
        }
    }

    private func warnUnreadable(_ fault: StoreFault) {
        warn("the store could not be read: \(fault)")
    }

    private func figures(_ report: StoreReport) -> Figures {
        let loop = loopFigures()
        var figures = Figures()
        figures.version = version
        figures.uptime = (clock() - startedAt).milliseconds / 1000
        figures.requests = statistics.counts.rows
        let keys = limitKeys.newest
        figures.apps = Figures.apps(
            loop.connectionsByApp, statistics.counts.rowsByApp, keys?.counts)
        figures.limitKeys = keys.map { Figures.LimitKeys($0) }
        figures.appConnections = loop.appConnections
        figures.adminConnections = loop.adminConnections
        figures.watchers = loop.watchers
        figures.lane = Figures.Lane(report.lane, waiting: loop.waiting)
        figures.store = Figures.Store(report.store)
        let jobs = loop.jobs + (report.store.rotation.map { [$0] } ?? [])
        figures.jobs = jobs.map { JobRow(name: $0.name, done: $0.done, total: $0.total) }
        return figures
    }
}

extension Figures {
    /// Apps that are connected, have asked something, or have keys of `limit`, in the order of
    /// their names.
    fileprivate static func apps(
        _ connections: [AppName: Int], _ requests: [AppName: [RequestCount]],
        _ keys: LimitKeyCounts?
    ) -> [Figures.App] {
        let known = Set(requests.keys).union(connections.keys)
        return known.union(keys.map { Set($0.byApp.keys) } ?? []).sorted().map { app in
            Figures.App(
                name: app.description, connections: connections[app] ?? 0,
                limitKeys: keys.map { $0.byApp[app] ?? 0 }, requests: requests[app] ?? [])
        }
    }
}

extension Figures.Lane {
    /// From 64 µs, a flush of a fast disk, to 8 s.
    private static let edges = (6...23).map { Int64(1) << Int64($0) }

    fileprivate init(_ lane: LaneFigures, waiting: Int) {
        self.init()
        (batches, changes, batchMax) = (lane.batches, lane.changes, lane.batchMax)
        (refused, self.waiting) = (lane.refused, waiting)
        p50 = lane.times.microseconds(permille: 500)
        p99 = lane.times.microseconds(permille: 990)
        (max, sum) = (lane.times.max, lane.times.sum)
        faster = Self.edges.map { ($0, lane.times.count(below: $0)) }
    }
}

extension Figures.Store {
    fileprivate init(_ store: StoreFigures) {
        self.init()
        (apps, accounts) = (store.apps, store.accounts)
        (firstEvent, lastEvent) = (store.firstEvent, store.lastEvent)
        chain = store.anchor?.description
        (eventBytes, eventBytesMax) = (store.eventBytes, store.eventBytesMax)
        omittedEvents = store.omittedEvents
        (logBytes, logBytesMax) = (store.logBytes, store.logBytesMax)
        (databaseBytes, roomBytes) = (store.databaseBytes, store.roomBytes)
        (masterKey, recordKeys) = (store.masterKey, store.recordKeys)
    }
}
