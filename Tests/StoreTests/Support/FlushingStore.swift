// A store in memory whose flushes end when a test says so: what was written is on its way to the
// disk until then. It counts who is inside, and says no more than the seam promises.

import Store
import StoreHarness

final class FlushingStore: ForwardingStore {
    struct State {
        var written: UInt64 = 0
        var flushed: UInt64 = 0
        var behindAt = UInt64.max
        var told: (@Sendable (StoreFault?) -> Void)?
    }

    let state = Guarded(State())
    let memory = MemoryStore()

    /// Everything up to a batch, counted from 1, is on the disk.
    func flush(upTo batch: UInt64) {
        let told = state.change { state in
            state.flushed = batch
            return state.told
        }
        told?(nil)
    }

    func fail(_ fault: StoreFault) { state.current.told?(fault) }

    func write(_ changes: [Change]) throws(StoreFault) -> Written {
        let results = try memory.apply(changes)
        let position = state.change { state in
            // A refusal keeps nothing, and has seen what was written before.
            if !changes.isEmpty { state.written += 1 }
            return state.written
        }
        return Written(results: results, position: position)
    }

    func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        let results = try write(changes).results
        flush(upTo: state.current.written)
        return results
    }

    var flushed: UInt64 { state.current.flushed }

    var isFlushBehind: Bool {
        let state = state.current
        return state.written - state.flushed >= state.behindAt
    }

    func whenFlushed(_ body: @escaping @Sendable (StoreFault?) -> Void) {
        state.change { $0.told = body }
    }
}
