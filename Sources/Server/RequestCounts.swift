// How many requests came to what, since the start. Used on the event loop only.

import Accounts
import Wire

struct RequestCounts {
    private struct Kind: Hashable {
        /// Nil for a line that was no request.
        let op: OperationName?
        /// Nil for a yes.
        let refusal: ErrorName?
    }

    /// What there are most of costs no more than an addition.
    private var verified = 0
    private var others: [Kind: Int] = [:]

    mutating func count(_ op: OperationName?, _ reply: Reply) {
        if case .verified = reply {
            verified += 1
            return
        }
        others[Kind(op: op, refusal: reply.refusal?.name), default: 0] += 1
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
