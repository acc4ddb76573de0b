// How far a fold should be while the next lap fills. So writers wait a little and often, and never
// for a whole fold.

enum FoldPace {
    /// How much of a lap a fold may lag behind at first: it begins late, and its disk has other
    /// things to do.
    private static let lag = 0.25
    /// What is folded in fewer steps is waited for at its end: about 150 ms.
    static let stepsUnpaced = 64

    /// The share that must be folded, 0 or less for none.
    ///
    /// - Parameters:
    ///   - filled: the share of the next lap that is full, from 0 to 1.
    ///   - start: what it was when the fold began. After a crash a fold begins anew, beside a lap
    ///     that may be almost full, and what was filled by then is nobody's to wait for.
    static func share(dueAt filled: Double, since start: Double) -> Double {
        guard start < 1 else { return 1 }
        let rest = (filled - start) / (1 - start)
        return rest - lag * (1 - rest)
    }
}
