// How much of a lap one transaction takes: enough records to dirty a certain number of pages. Few
// accounts may share no page, and many may share one.

struct FoldStep {
    private let recordsMin: Int
    private let pagesMax: Double
    /// Accounts, buckets or apps so far.
    private(set) var records = 0
    /// About as many as they have dirtied.
    private var pages = 0.0

    init(_ size: LogSize) {
        recordsMin = size.accountsPerStep
        pagesMax = Double(size.pagesPerStep)
    }

    /// Whether it takes another record.
    var isOpen: Bool { records < recordsMin || pages < pagesMax }

    /// A record of the step was put where it belongs.
    mutating func note(pages: Double) {
        records += 1
        self.pages += pages
    }
}

/// What a record costs that goes to a table from a lap.
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
