// On whose behalf a connection speaks. The socket and the kernel decide it, and not the request.

import Accounts

package enum Caller: Hashable, Sendable {
    /// Speaks for one app, and for no other.
    case app(AppName)
    /// A Unix user who speaks for several, and names one in each request.
    case apps([AppName])
    /// A Unix user who speaks for none, and may ask nothing.
    case nobody
    /// May ask everything, for the app it names.
    case admin

    func may(_ operation: OperationRules) -> Bool {
        switch self {
        case .app, .apps: return operation.access == .apps
        case .nobody: return false
        case .admin: return true
        }
    }

    /// The apps it speaks for by itself.
    package var own: [AppName] {
        switch self {
        case .app(let app): return [app]
        case .apps(let apps): return apps
        case .nobody, .admin: return []
        }
    }

    /// The one app that it speaks for; nil when there are several, or none.
    package var only: AppName? {
        if case .app(let name) = self { return name }
        return nil
    }

    /// Why it may not ask for an operation.
    var refusal: Refusal {
        switch self {
        case .app, .apps, .admin:
            return Refusal(.notPermitted, detail: "this operation is for the admin socket")
        case .nobody:
            return Refusal(.notPermitted, detail: "this Unix user speaks for no app")
        }
    }

    /// The app a request speaks for, given the one it names, if any.
    func app(naming name: AppName?) throws(Refusal) -> AppName {
        switch self {
        case .admin: return name ?? .standard
        case .app(let own): return try Self.app(name ?? own, of: [own])
        case .apps(let apps):
            guard let name else {
                let names = apps.map(\.description).joined(separator: ", ")
                throw Fields.refusal(.app, "one of \(names) is expected")
            }
            return try Self.app(name, of: apps)
        case .nobody: throw refusal
        }
    }

    private static func app(_ name: AppName, of own: [AppName]) throws(Refusal) -> AppName {
        guard own.contains(name) else {
            throw Refusal(
                .notPermitted, field: "app", detail: "this socket does not speak for that app")
        }
        return name
    }
}
