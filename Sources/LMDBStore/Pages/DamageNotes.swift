// What somebody has met since the start that is damaged: pages of LMDB's file, and records that do
// not open. A page stays noted until the next start. A record does until an admin has it replaced.

import Store

final class DamageNotes: Sendable {
    private enum Place: Hashable {
        case page(UInt64)
        case record(Table, [UInt8])
    }

    private struct State {
        var places: [Place: StorePart] = [:]
        /// There was more to note than is remembered.
        var partsOfMore: Set<StorePart> = []
    }

    /// As many are remembered one by one.
    private static let placesMax = 1000

    private let state = Locked(State())

    /// Notes a page, if that is what is wrong.
    func note(_ fault: LMDBFault) {
        guard let damage = fault.damage else { return }
        note(.page(damage.page), damage.part)
    }

    /// Notes a record. What is on a damaged page is noted with that.
    func note(_ fault: RecordFault = .doesNotOpen, at key: UnsafeRawBufferPointer, in table: Table)
    {
        if case .pageDamaged = fault { return }
        note(Self.place(key, table), table.part)
    }

    private func note(_ place: Place, _ part: StorePart) {
        state.withLock { state in
            if state.places.count < Self.placesMax {
                state.places[place] = part
            } else if state.places[place] == nil {
                state.partsOfMore.insert(part)
            }
        }
    }

    /// The record was written anew because somebody asked for that.
    func forget(_ key: UnsafeRawBufferPointer, in table: Table) {
        state.withLock { $0.places[Self.place(key, table)] = nil }
    }

    /// An account is one place, whichever of its records it is.
    private static func place(_ key: UnsafeRawBufferPointer, _ table: Table) -> Place {
        .record(table == .guards ? .factors : table, Array(key))
    }

    var parts: Set<StorePart> {
        state.withLock { $0.partsOfMore.union($0.places.values) }
    }

    /// Those that are remembered.
    var pages: Int {
        state.withLock { state in
            state.places.keys.count { if case .page = $0 { true } else { false } }
        }
    }
}
