// Finds the sources of an app that may be spent: those with enough wrong codes among the newest
// events. The store keeps a source as a tag alone, so only the sealed events have its name.

import Accounts
import Store
import Wire

struct SourcesSearch: Sendable {
    /// One source, by the name that it had last.
    struct Candidate: Sendable {
        let source: Source
        fileprivate(set) var wrongCodes: Int
    }

    private let app: AppName
    private let policy: SourcePolicy
    private let address: @Sendable (Source) -> LimitAddress
    /// What was spent before has come back.
    private let horizon: Instant
    private var found: [LimitAddress: Candidate] = [:]
    private var position: EventPosition
    private var examined = 0
    private var oldest: Instant
    private var unreadable: [UInt64] = []
    private(set) var isDone = false
    /// Whether every event was looked at that is kept and can count.
    private var isLookedThrough = false
    /// Whether an event that can count may have been left out.
    private var mayLackEvents: Bool

    init(
        of app: AppName, at now: Instant, under policy: SourcePolicy, last: UInt64,
        startedAt: Instant, _ address: @escaping @Sendable (Source) -> LimitAddress
    ) {
        (self.app, self.policy, self.address) = (app, policy, address)
        horizon = now - policy.per
        oldest = now
        position = .before(last &+ 1)
        // What was left out before a start is forgotten. Nothing was where so few were ever kept.
        mayLackEvents = startedAt > horizon && last >= Self.eventsBeforeOmission
    }

    /// Events that are kept of an app before the first is left out.
    private static let eventsBeforeOmission =
        UInt64(BoundedEvent.allCases.map(\.budget.max).min() ?? 0)

    /// Those that may be spent: of fewer wrong codes than there is room for, some is left.
    var candidates: [(LimitAddress, Source)] {
        found.filter { $0.value.wrongCodes >= policy.max }.map { ($0.key, $0.value.source) }
    }

    /// From when on the events were looked at.
    var since: Instant { isLookedThrough ? horizon : oldest }

    /// Whether all sources that are spent are among the candidates.
    var isWhole: Bool { isLookedThrough && !mayLackEvents }
}

extension SourcesSearch: Search {
    mutating func look(into store: any AccountStore) throws(StoreFault) {
        if let omission = try store.lastOmission(ofWrongCodesOf: app), omission > horizon {
            mayLackEvents = true
        }
        let slice = try store.events(position, atMost: ServerPolicy.eventsPerLook)
        unreadable += slice.unreadable
        // By the whole look, and not the first: a clock that was set leaves moments out of order.
        var isInWindow = false
        for event in slice.events {
            examined += 1
            position = position.moved(to: event.sequence)
            oldest = min(oldest, event.at)
            guard event.at > horizon else { continue }
            isInWindow = true
            count(event)
        }
        if let end = slice.end { position = position.moved(to: end) }
        let isPast = !isInWindow && !slice.events.isEmpty
        isDone = isPast || slice.end == nil || examined >= ServerPolicy.sourceEventsMax
        // At the end of what is kept, older events may be gone that would count.
        let isFirst = slice.end == nil && position.sequence <= 1
        isLookedThrough = unreadable.isEmpty && (isPast || isFirst || oldest <= horizon)
    }

    private mutating func count(_ event: Event) {
        guard event.result == ErrorName.wrongCode.rawValue, event.app == app.description,
            let source = event.label.source.flatMap(Source.init)
        else { return }
        found[address(source), default: Candidate(source: source, wrongCodes: 0)].wrongCodes += 1
    }

    var reply: AdminReply {
        .sources(SpentSources(rows: [], count: 0, since: since, isWhole: isWhole))
    }

    func tell(_ warn: (String) -> Void) {
        for first in unreadable { warn("event \(first) does not open, or is missing") }
    }
}
