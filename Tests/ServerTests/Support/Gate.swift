// A door that a test can shut. So a test can say what is under way while something else happens.

import Foundation

final class Gate: @unchecked Sendable {
    // Unchecked, because `isShut` and `waiting` are used under `condition` alone.
    private let condition = NSCondition()
    private var isShut = false
    private var waiting = 0

    func shut() { condition.withLock { isShut = true } }

    func open() {
        condition.withLock {
            isShut = false
            condition.broadcast()
        }
    }

    func pass() {
        condition.withLock {
            waiting += 1
            while isShut { condition.wait() }
            waiting -= 1
        }
    }

    /// Whether somebody stands in front of it.
    var isReached: Bool { condition.withLock { waiting > 0 } }
}
