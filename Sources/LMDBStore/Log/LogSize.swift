// How large the log may get, and in how large steps it is folded.

package struct LogSize: Sendable {
    /// Bytes of a segment at first; the largest batch must fit.
    package let bytesMin: Int
    /// Bytes that a segment grows to, by doubling, on a host where it fills before `accountsMax`.
    package let bytesMax: Int
    /// Accounts and buckets of limits whose newest state lies in a segment. Each takes 48 to 96
    /// bytes of memory.
    package let accountsMax: Int
    /// Accounts that are folded in one transaction at least, and records that are sealed anew in
    /// one. Each may dirty two pages of 4 KiB, which LMDB holds in memory until the commit, and
    /// writes before it flushes: 2 MiB for 256. A batch that flushes at the same time waits for
    /// that; fewer accounts would cost more flushes.
    package let accountsPerStep: Int
    /// A transaction takes more accounts than that until about so many pages are dirty: among a
    /// million, each shares its page with ten others of a lap. So fewer flushes and fewer of the
    /// pages above are spent on them, and a batch still waits for less than 2 MiB.
    package let pagesPerStep: Int

    package init(
        bytesMin: Int, bytesMax: Int, accountsMax: Int, accountsPerStep: Int = 256,
        pagesPerStep: Int = 0
    ) {
        precondition(bytesMin <= bytesMax && accountsMax > 0 && accountsPerStep > 0)
        self.bytesMin = bytesMin
        self.bytesMax = bytesMax
        self.accountsMax = accountsMax
        self.accountsPerStep = accountsPerStep
        self.pagesPerStep = pagesPerStep
    }

    /// What is kept free in a segment for records of the other one that belong to damaged pages:
    /// of some two thousand verifies.
    var bytesOfLeftovers: Int { bytesMin / 16 }

    /// As many accounts as half fill a table of 2¹⁹ places, less a batch: 12 MiB for each lap. The
    /// more there are, the more of them share a page of LMDB's when they are folded.
    ///
    /// 256 changes with the longest names and reasons, the most devices and remembered attempts, a
    /// set of backup codes, and a full bucket of sources each, are 6.4 KiB each, as
    /// `LargestBatchTests` finds; a verify is about 180 bytes, or a sector when it is alone.
    package static let standard = LogSize(
        bytesMin: 8 << 20, bytesMax: 64 << 20, accountsMax: 260_000, pagesPerStep: 64)
}
