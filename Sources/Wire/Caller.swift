// On whose behalf a socket speaks. The socket decides it, never the request.

import Accounts

package enum Caller: Equatable, Sendable {
    /// Speaks for one app, and for no other.
    case app(AppName)
    /// May ask everything, for the app it names.
    case admin

    package func may(_ operation: OperationName) -> Bool {
        switch self {
        case .app: return !operation.isForAdminsOnly
        case .admin: return true
        }
    }

    /// The app a request speaks for, given the one it names, if any.
    func app(naming name: AppName?) throws(Refusal) -> AppName {
        switch self {
        case .admin: return name ?? .standard
        case .app(let own):
            guard name == nil || name == own else {
                throw Refusal(
                    .notPermitted, field: "app", detail: "this socket does not speak for that app")
            }
            return own
        }
    }
}
