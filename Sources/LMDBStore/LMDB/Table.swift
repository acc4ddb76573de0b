// The databases, and what binds a record to each of them. Raw values are sealed in: never change
// one.

import Store

enum Table: UInt8, CaseIterable {
    case factors = 1
    case guards = 2
    case events = 3
    case meta = 4
    case limits = 5
    case apps = 6

    var name: String {
        switch self {
        case .factors: return "factors"
        case .guards: return "guards"
        case .events: return "events"
        case .meta: return "meta"
        case .limits: return "limits"
        case .apps: return "apps"
        }
    }

    /// Whether its records are in the hash of all records. Events have a chain of their own, and
    /// the store's own records are bound by `StoreState.parts`.
    var isInSet: Bool {
        switch self {
        case .factors, .guards, .limits, .apps: return true
        case .events, .meta: return false
        }
    }

    /// What it is a part of, as somebody outside knows it.
    var part: StorePart {
        switch self {
        case .factors, .guards: return .accounts
        case .events: return .events
        case .meta: return .store
        case .limits: return .limits
        case .apps: return .apps
        }
    }
}
