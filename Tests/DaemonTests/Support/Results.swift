// What several threads found, gathered without losing a fault.

import Foundation

/// What several threads found, and the first fault among them.
final class Results<Value: Sendable>: @unchecked Sendable {
    // Unchecked, because both are used under the lock.
    private let lock = NSLock()
    private var values: [Value] = []
    private var fault: (any Error)?

    func add(_ body: () throws -> Value) {
        let result = Result { try body() }
        lock.withLock {
            switch result {
            case .success(let value): values.append(value)
            case .failure(let error): fault = fault ?? error
            }
        }
    }

    func get() throws -> [Value] {
        try lock.withLock {
            if let fault { throw fault }
            return values
        }
    }
}
