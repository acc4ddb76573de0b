// What a record costs that goes to a table from a lap.

struct FoldTarget {
    private let pagesPerRecord: Double
    private let bytesPerPage: Double

    /// - Parameters:
    ///   - leafPages: of the table.
    ///   - records: of the lap that may go there. Their keys are HMACs: where the lap has more of
    ///     them than the table has pages, each page takes its share of neighbours.
    init(leafPages: Int, bytesPerPage: Int, records: Int) {
        pagesPerRecord = min(1, Double(leafPages) / Double(max(records, 1)))
        self.bytesPerPage = Double(bytesPerPage)
    }

    /// A new record takes room of its own, too.
    func pages(_ bytes: Int) -> Double { pagesPerRecord + Double(bytes) / bytesPerPage }
}
