// One look at the daemon's numbers, as far as `totpctl top` shows them.

struct StatsFrame: Decodable {
    struct App: Decodable {
        let app: String
        let connections: Int
        let limitKeys: Int?
        /// By operation and answer: `verify.ok`.
        let requests: [String: Int]
    }

    struct Connections: Decodable {
        let apps: Int
        let admins: Int
    }

    struct Lane: Decodable {
        let changes: Int
        let waiting: Int
        let p50Us: Int
        let p99Us: Int
    }

    struct Store: Decodable {
        let accounts: Int
    }

    let version: String
    let uptime: Int
    let connections: Connections
    let byApp: [App]
    let lane: Lane
    let store: Store
}
