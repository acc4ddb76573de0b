// What binds the records of a store to each other, so that none can be put back to what it was and
// none can go: each is sealed alone, and an older one opens as well as the newest. It is sealed
// too, and every transaction that changes a record of LMDB's writes it anew.
//
// An older copy of everything has an older state, and they fit.

import Secrets

struct StoreState: Equatable, Sendable {
    /// Of the records of accounts, limits and apps that LMDB has: see `Meta.hashOfRecords`.
    var records: SetHash
    /// SHA-256 of the store's own records, this one apart: see `Meta.hashOfParts`.
    let parts: [UInt8]
}
