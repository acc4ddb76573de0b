// As which party a caller takes turns with others.

import Store
import Wire

extension Caller {
    var party: Party {
        switch self {
        case .app(let app): return .app(app)
        case .apps(let apps): return .apps(apps)
        case .nobody: return .apps([])
        case .admin: return .house
        }
    }
}
