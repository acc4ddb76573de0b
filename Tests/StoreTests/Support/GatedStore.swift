// A store that lets a batch through only when told to, and remembers what it was given.

import Store
import StoreHarness

final class GatedStore: ForwardingStore {
    struct State {
        /// Batches that may still pass; nil when the gate stands open.
        var passes: Int?
        var entered = 0
        var batches: [[Change]] = []
        var faults: [StoreFault?] = []
    }

    let state: Guarded<State>
    /// Has the lane do what is due for the store itself.
    let due = Guarded<(@Sendable () -> Void)?>(nil)
    let memory = MemoryStore()
    let isNear: Bool

    init(isOpen: Bool, isNear: Bool = true) {
        self.isNear = isNear
        state = Guarded(State(passes: isOpen ? nil : 0))
    }

    func open() { state.change { $0.passes = nil } }
    func letPass() { state.change { $0.passes = ($0.passes ?? 0) + 1 } }
    func waitUntilEntered(_ count: Int) { state.wait { $0.entered >= count } }
    /// What the next batches will come to: a fault, or nil for none.
    func fail(_ faults: [StoreFault?]) { state.change { $0.faults = faults } }

    func whenDue(_ body: @escaping @Sendable () -> Void) { due.change { $0 = body } }

    func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        state.change {
            $0.entered += 1
            $0.batches.append(changes)
        }
        state.wait { $0.passes != 0 }
        let fault = state.change { state in
            if let passes = state.passes { state.passes = passes - 1 }
            return state.faults.isEmpty ? nil : state.faults.removeFirst()
        }
        if let fault { throw fault }
        return try memory.apply(changes)
    }
}
