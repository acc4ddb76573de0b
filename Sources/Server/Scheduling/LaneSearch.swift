// What takes several looks into the store to find. Each is short, and the lane decides what waits
// in between.

import Store

protocol LaneSearch: Sendable {
    /// Looks once, on the lane, from where the last look ended.
    mutating func look(into store: any AccountStore) throws(StoreFault)
}

extension ChangeQueue {
    /// Has a search look once, then tells where it was asked how far it has come: see `look`.
    func advance<Searching: LaneSearch>(
        _ search: Searching,
        _ completion: @escaping @Sendable (Result<Searching, StoreFault>?) -> Void
    ) -> Bool {
        look(
            { store in
                Result { () throws(StoreFault) in
                    var search = search
                    try search.look(into: store)
                    return search
                }
            }, completion)
    }
}
