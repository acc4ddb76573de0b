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
