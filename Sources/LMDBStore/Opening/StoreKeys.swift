// Which keys the store works with now: the ring of master keys, and the data keys that one of them
// wraps. A change is on the disk before other threads see it.

import Secrets
import Store
import Synchronization

final class StoreKeys: Sendable {
    private struct Current {
        var seal: RecordSeal
        /// Wraps the data keys on the disk.
        var master: KeyID
        /// Raised with each change of `seal`.
        var generation = 0
    }

    /// Held throughout a change of keys: one at a time.
    private let changes: Locked<KeyRing>
    private let current: Locked<Current>
    /// As in `current`, to be looked at without a lock.
    private let generation = Atomic(0)

    init(_ ring: KeyRing, _ seal: RecordSeal, wrappedBy master: KeyID) {
        changes = Locked(ring)
        current = Locked(Current(seal: seal, master: master))
    }

    /// Whoever seals a record of the store's own takes it within the transaction that keeps it.
    var seal: RecordSeal { current.withLock { $0.seal } }
    /// The master key that wraps the data keys.
    var master: KeyID { current.withLock { $0.master } }
    var ring: KeyRing { changes.withLock { $0 } }

    /// The seal, when it is not the one of the generation `known`, which becomes the new one.
    func newer(than known: inout Int) -> RecordSeal? {
        guard generation.load(ordering: .acquiring) != known else { return nil }
        let (seal, generation) = current.withLock { ($0.seal, $0.generation) }
        known = generation
        return seal
    }

    /// Lends the ring for the whole of a change, and takes what it is afterwards.
    func changing<Value: Sendable>(_ body: (inout KeyRing) throws -> Value) rethrows -> Value {
        try changes.withLock { ring in try body(&ring) }
    }

    /// The master key that wraps the data keys, also those that are new.
    func wrapper(in ring: KeyRing) -> MasterKey {
        guard let key = ring.key(master) else {
            preconditionFailure("a ring without the key that is needed is not taken")
        }
        return key
    }

    /// What is on the disk by now; within `changing`.
    func publish(wrappedBy master: KeyID) {
        current.withLock { $0.master = master }
    }

    /// What is on the disk by now; within `changing`.
    func publish(_ seal: RecordSeal) {
        current.withLock { current in
            current.seal = seal
            current.generation += 1
            generation.store(current.generation, ordering: .releasing)
        }
    }
}
