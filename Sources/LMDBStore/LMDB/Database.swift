// A named database inside the environment.

import CLMDB

struct Database: Sendable {
    let handle: MDB_dbi
    /// Nil for LMDB's own, where the others are named.
    let table: Table?
}
