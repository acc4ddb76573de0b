// A page of events, put together from many looks. It holds at most a page in memory.

import Accounts
import Store
import Wire

struct EventsSearch: Sendable {
    private let filter: EventFilter
    private let count: Int
    /// The newest event when the page was asked for: no page runs after its own tail.
    private let last: UInt64
    private var position: EventPosition
    private var rows: [EventRow] = []
    private var unreadable: [UInt64] = []
    private var examined = 0
    private(set) var isDone = false
    private var isAtEnd = false

    init(_ request: EventsRequest, last: UInt64) {
        filter = request.filter
        count = request.count
        self.last = last
        position =
            request.isNewestFirst
            ? .before(min(request.cursor ?? .max, last &+ 1)) : .after(request.cursor ?? 0)
    }

    var page: EventsPage {
        EventsPage(
            rows: rows, cursor: isAtEnd ? nil : position.sequence, last: last,
            unreadable: unreadable)
    }

    /// One look, on the lane.
    mutating func look(into store: any AccountStore) throws(StoreFault) {
        let slice = try store.events(position, atMost: ServerPolicy.eventsPerLook)
        unreadable += slice.unreadable
        for event in slice.events {
            guard event.sequence <= last else { return finish(isAtEnd: true) }
            examined += 1
            position = position.moved(to: event.sequence)
            if filter.matches(event) { rows.append(EventRow(event)) }
            if rows.count == count { return finish(isAtEnd: isLast(event)) }
        }
        guard let end = slice.end else { return finish(isAtEnd: true) }
        position = position.moved(to: end)
        if examined >= ServerPolicy.eventsPerPage { finish(isAtEnd: false) }
    }

    private mutating func finish(isAtEnd: Bool) {
        isDone = true
        self.isAtEnd = isAtEnd
        // What the look met further on belongs to the next page.
        unreadable.removeAll { !isAtEnd && !position.isAtOrPast($0) || $0 > last }
    }

    /// Whether none can follow in the direction.
    private func isLast(_ event: Event) -> Bool {
        switch position {
        case .after: return event.sequence >= last
        case .before: return event.sequence <= 1
        }
    }
}

extension EventPosition {
    var sequence: UInt64 {
        switch self {
        case .after(let sequence), .before(let sequence): return sequence
        }
    }

    /// Whether an event was passed on the way here.
    fileprivate func isAtOrPast(_ sequence: UInt64) -> Bool {
        switch self {
        case .after(let reached): return sequence <= reached
        case .before(let reached): return sequence >= reached
        }
    }

    func moved(to sequence: UInt64) -> EventPosition {
        switch self {
        case .after: return .after(sequence)
        case .before: return .before(sequence)
        }
    }
}

extension EventFilter {
    func matches(_ event: Event) -> Bool {
        if let app, event.app != app.description { return false }
        if let user, !event.user.utf8.elementsEqual(user.utf8) { return false }
        if let op, event.label.op != op { return false }
        if let result, event.result != result { return false }
        if let since, event.at < since { return false }
        if let until, event.at >= until { return false }
        return true
    }
}

extension EventRow {
    init(_ event: Event) {
        self.init(
            sequence: event.sequence, at: event.at, app: event.app, user: event.user,
            op: event.label.op, result: event.result, method: event.method, alert: event.alert,
            uid: event.label.peer.uid, pid: event.label.peer.pid, reason: event.label.reason,
            source: event.label.source)
    }
}

extension EventsSearch: Search {
    var reply: AdminReply { .events(page) }

    func tell(_ warn: (String) -> Void) {
        for first in page.unreadable { warn("event \(first) does not open, or is missing") }
    }
}
