// The tables that have sealed rows, and what binds a row to its own. Raw values are sealed in:
// never change one. Those of LMDB's tables are the same, so that a record keeps its seal on its way
// from one engine to the other.

enum RowTable: UInt8 {
    case factors = 1
    case guards = 2
    case limits = 5
    case apps = 6
    case blocks = 7
    case lanes = 8
    case numbers = 9
}
