// What is left of each app's budgets of events that it could make without end. It is in memory
// alone: a start gives every app its budgets again, and a crash forgets how many events were left
// out. Only apps that send requests have an entry.

import Accounts

package struct EventBudgets: Sendable {
    private var apps: [AppName: EventBudget] = [:]
    /// Events that were left out, of all apps.
    package private(set) var omitted = 0

    /// When an event of a wrong code with a source was left out last. Such an app has events.
    private var lastOmissions: [AppName: Instant] = [:]

    package init() {}

    /// When an event of a wrong code that was charged to a source of the app was left out last;
    /// nil when none was since the start.
    package func lastOmission(ofWrongCodesOf app: AppName) -> Instant? { lastOmissions[app] }

    /// The events that are kept of a change, in their order.
    package struct Kept: Sendable {
        /// Says how many of the app are missing before the other.
        package let omission: Event?
        package let event: Event?

        fileprivate init(_ omission: Event?, _ event: Event?) {
            (self.omission, self.event) = (omission, event)
        }

        package static let nothing = Kept(nil, nil)
    }

    /// Takes the event of a decided change out of its app's budget. Returns what is kept of it.
    ///
    /// - Parameter next: the number of the next event.
    package mutating func admit(
        _ next: UInt64, of change: AccountChange, _ outcome: Outcome, since before: Account
    ) -> Kept {
        guard outcome.isEvent else { return .nothing }
        if change.mayOmitEvent,
            let kind = outcome.boundedEvent(since: before, at: change.now), !spend(kind, change)
        {
            if change.source != nil, outcome.isWrongCode {
                lastOmissions[change.name.app] = change.now
            }
            return .nothing
        }
        let omission = omission(next, change.name.app, at: change.now, before: change.label)
        return Kept(omission, Event.of(change, outcome, omission == nil ? next : next + 1))
    }

    /// The same of a change whose account's records, or whose source's, cannot be used.
    package mutating func admit(_ next: UInt64, ofUnreadable change: AccountChange) -> Kept {
        guard !change.mayOmitEvent || spend(.cheap, change) else { return .nothing }
        let omission = omission(next, change.name.app, at: change.now, before: change.label)
        return Kept(omission, Event(omission == nil ? next : next + 1, ofUnreadable: change))
    }

    /// The same of an event about no single account: it is never left out.
    package mutating func admit(_ next: UInt64, of change: EventChange) -> Kept {
        var omission: Event?
        if let app = change.app {
            omission = self.omission(next, app, at: change.now, before: change.label)
        }
        return Kept(omission, Event(omission == nil ? next : next + 1, of: change))
    }

    private mutating func spend(_ kind: BoundedEvent, _ change: AccountChange) -> Bool {
        let isKept = apps[change.name.app, default: EventBudget()].spend(kind, at: change.now)
        if !isKept { omitted += 1 }
        return isKept
    }

    /// Says how many events of the app are missing before the next one, once.
    private mutating func omission(
        _ next: UInt64, _ app: AppName, at now: Instant, before label: EventLabel
    ) -> Event? {
        // Most apps have never had such an event.
        guard apps[app]?.hasOmitted ?? false, let left = apps[app]?.takeOmitted() else {
            return nil
        }
        return Event(next, at: now, of: app, omitted: left, before: label)
    }
}

extension Outcome {
    fileprivate var isWrongCode: Bool {
        if case .refused(let refusal) = answer { refusal.name == .wrongCode } else { false }
    }
}
