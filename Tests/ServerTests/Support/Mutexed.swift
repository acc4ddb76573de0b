// A value that several threads of a test look at.

import Synchronization

final class Mutexed<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    func set(_ value: Value) { mutex.withLock { $0 = value } }
}

extension Mutexed where Value: RangeReplaceableCollection, Value.Element: Sendable {
    func add(_ element: Value.Element) { mutex.withLock { $0.append(element) } }
}
