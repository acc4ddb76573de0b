// Changes keys while the store runs. Any thread may call it. Each change is on the disk when it
// returns. A key ring that does not open the store is refused.

import Secrets
import Store

extension LMDBStore: StoreUpkeep {
    package var upkeep: any StoreUpkeep { self }

    /// Takes the master keys of a key file that was read again. Throws, and keeps those it has,
    /// when the key that wraps the data keys is not among them.
    package func adopt(_ ring: KeyRing) throws(KeyFault) {
        try changingKeys { current in
            try environment.read { _ = try Meta.keys($0, tables, ring) }
            current = ring
        }
    }

    package func rotateMasterKey() throws(KeyFault) -> KeyID {
        try changingKeys { ring in
            let master = ring.current
            try environment.write { transaction in
                try Meta.putKeys(keys.seal.keys, master, transaction, tables)
                return ((), isCommitted: true)
            }
            keys.publish(wrappedBy: master.id)
            return master.id
        }
    }

    package func rotateRecordKey() throws(KeyFault) -> KeyID {
        let id = try failing { try records.begin() }
        due.withLock { $0 }?()
        return id
    }

    package var rotation: JobProgress? { records.job?.progress }

    package func whenRotated(_ body: @escaping @Sendable () -> Void) { records.whenEnded(body) }

    package var keyIDs: StoreKeyIDs {
        StoreKeyIDs(master: keys.master, records: keys.seal.keys.records.map(\.id))
    }

    private func changingKeys<Value: Sendable>(
        _ body: (inout KeyRing) throws -> Value
    ) throws(KeyFault) -> Value {
        try failing { try keys.changing(body) }
    }

    private func failing<Value>(_ body: () throws -> Value) throws(KeyFault) -> Value {
        do {
            return try body()
        } catch let fault as KeyFault {
            throw fault
        } catch OpeningRefusal.wrapping(let fault) {
            throw .wrapping(fault)
        } catch {
            let fault = StoreFault(error, directory)
            if case .broken = fault { chores.fail(fault) }
            throw .store(fault)
        }
    }
}
