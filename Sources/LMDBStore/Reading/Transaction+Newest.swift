// The newest state of a record: what the log says of it, and where the log says nothing, what its
// table has. Whoever wants a record asks here.

import Store

extension Transaction {
    /// Nil when there is no record, or none any more.
    ///
    /// - Parameters:
    ///   - logged: what all of the log says.
    ///   - beside: as for `find`.
    func newest(
        _ logged: Logged, in database: Database, at key: UnsafeRawBufferPointer,
        beside: (PageTree.Pair) throws(LMDBFault) -> Void = { _ throws(LMDBFault) in }
    ) throws(LMDBFault) -> UnsafeRawBufferPointer? {
        switch logged {
        case .record(let bytes): return bytes
        case .gone: return nil
        case .nothing: return try find(database, key, beside: beside)
        }
    }

    /// Looks something up. A damaged page is the fault of what is looked for, and of nothing else;
    /// health hears of the page.
    func lookUp<Found>(
        _ body: () throws(LMDBFault) -> Found
    ) throws(LMDBFault) -> Result<Found, RecordFault> {
        do throws(LMDBFault) {
            return .success(try body())
        } catch {
            guard let fault = error.ofRecord else { throw error }
            trees.damage.note(error)
            return .failure(fault)
        }
    }

    /// Whether a table has a key; not, where that page is damaged.
    func has(
        _ database: Database, _ key: UnsafeRawBufferPointer
    ) throws(LMDBFault) -> Bool {
        do throws(LMDBFault) {
            return try find(database, key) != nil
        } catch {
            guard error.damage != nil else { throw error }
            return false
        }
    }
}
