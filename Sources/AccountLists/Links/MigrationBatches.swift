// The exports of Google Authenticator that a list has links of. If a link is missing, so are its
// accounts, and no row would say so.

struct MigrationBatches {
    private var seen: [MigrationLink.Batch: Set<UInt64>] = [:]

    mutating func add(_ link: MigrationLink) { seen[link.batch, default: []].insert(link.index) }

    func expectWhole() throws(ListFault) {
        for (batch, indexes) in seen where UInt64(indexes.count) < batch.size {
            throw ListFault(
                "an export of Google Authenticator has \(batch.size) QR codes, and the links of "
                    + "\(indexes.count) are here: add the others")
        }
    }
}
