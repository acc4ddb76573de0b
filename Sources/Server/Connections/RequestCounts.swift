// How many requests had which result since the start, of all apps and of each. Used on the event
// loop only.

import Accounts
import Wire

struct RequestCounts {
    private struct Kind: Hashable {
        /// Nil for a line that was no request.
        let op: OperationName?
        /// Nil for a yes.
        let refusal: ErrorName?
    }

    private struct Tally {
        /// What there are most of costs no more than an addition.
        var verified = 0
        var others: [Kind: Int] = [:]

        mutating func count(_ op: OperationName?, _ reply: Reply) {
            if case .verified = reply {
                verified += 1
            } else {
                others[Kind(op: op, refusal: reply.refusal?.name), default: 0] += 1
            }
        }

        /// In the order of the protocol.
        var rows: [RequestCount] {
            var rows: [RequestCount] = []
            for op in OperationName.allCases.map(Optional.init) + [nil] {
                for refusal in [nil] + ErrorName.allCases.map(Optional.init) {
                    var count = others[Kind(op: op, refusal: refusal)] ?? 0
                    if op == .verify, refusal == nil { count += verified }
                    guard count > 0 else { continue }
                    rows.append(
                        RequestCount(
                            op: op?.rawValue ?? "none", result: refusal?.rawValue ?? "ok",
                            count: count))
                }
            }
            return rows
        }
    }

    private var all = Tally()
    private var byApp: [AppName: Tally] = [:]

    /// - Parameter app: for which the client spoke that asked; nil for an admin, and where it is
    ///   not known. So apps are those that may speak, and there are few.
    mutating func count(_ op: OperationName?, _ reply: Reply, of app: AppName?) {
        all.count(op, reply)
        if let app { byApp[app, default: Tally()].count(op, reply) }
    }

    var rows: [RequestCount] { all.rows }

    /// Of each app that has asked anything.
    var rowsByApp: [AppName: [RequestCount]] { byApp.mapValues(\.rows) }
}
