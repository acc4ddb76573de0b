// The store's own row: the format of the tables, and the data keys, wrapped by a master key.

import Secrets
import Store

struct StoreState {
    let keys: DataKeys
    let master: KeyID

    /// Makes the tables and the row in one transaction.
    static func make(
        _ connection: Connection, _ ring: KeyRing, by deadline: ContinuousClock.Instant
    ) throws(DatabaseRefusal) {
        let put = Schema.putState.with(
            Parameter.int64(Schema.format), DataKeys.generate().wrapped(by: ring.current))
        do throws(DatabaseFault) {
            let begin = [Statement.begin]
            _ = try connection.commit(
                begin + Schema.tables.map { $0.with() } + [put], by: deadline)
        } catch .refused(.tableExists, _) {
            throw .storeExists
        } catch {
            throw .database(error)
        }
    }

    static func read(
        _ connection: Connection, _ ring: KeyRing, by deadline: ContinuousClock.Instant
    ) throws(DatabaseRefusal) -> StoreState {
        let (format, wrapped): (Int64, [UInt8])
        do throws(DatabaseFault) {
            let found = try connection.run([Schema.state.with()], by: deadline)[0]
            guard found.count == 1 else { throw .unexpected("\(found.count) states") }
            (format, wrapped) = (try found.int64(0, 0), try found.record(0, 1))
        } catch .refused(.noSuchTable, _) {
            throw .noStore
        } catch {
            throw .database(error)
        }
        guard format == Schema.format else { throw .format(format) }
        do throws(WrappingFault) {
            return try wrapped.withBytes { bytes throws(WrappingFault) in
                guard let master = DataKeys.masterKeyID(of: bytes) else { throw .unknownFormat }
                return StoreState(
                    keys: try DataKeys(unwrapping: bytes, with: ring), master: master)
            }
        } catch {
            throw .keys(error)
        }
    }
}
