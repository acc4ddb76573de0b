// How many requests had one result, as an admin reads it and as JSON.

import JSON

package struct RequestCount: Equatable, Sendable {
    package let op: String
    package let result: String
    package let count: Int

    package init(op: String, result: String, count: Int) {
        (self.op, self.result, self.count) = (op, result, count)
    }
}

extension [RequestCount] {
    /// `{"verify.ok":3,…}`: less deep, so that the whole is no deeper than a request may be.
    var byName: JSONValue {
        .object(
            map { JSONField(name: "\($0.op).\($0.result)", value: .integer(Int64($0.count))) })
    }

    /// `{"verify":{"ok":3,…},…}`, in the order in which they were counted.
    var byOperation: JSONValue {
        var operations: [(name: String, results: [JSONField])] = []
        for row in self {
            let result = JSONField(name: row.result, value: .integer(Int64(row.count)))
            if operations.last?.name == row.op {
                operations[operations.count - 1].results.append(result)
            } else {
                operations.append((row.op, [result]))
            }
        }
        return .object(operations.map { JSONField(name: $0.name, value: .object($0.results)) })
    }
}
