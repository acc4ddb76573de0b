// What every attempt may change: kept apart from the factor, which attempts only read. The records
// have the same name, in the log, in LMDB and in PostgreSQL.

package struct Guard: Equatable, Sendable {
    /// When the newest step began whose code was accepted of the first authenticator. A moment, not
    /// a number, so that it keeps its meaning when an import changes the period.
    package var lastStepBegan = Instant.distantPast
    /// The same for all factors that are gone. Only `Import` asks for it, since it alone can bring
    /// an old secret back; a fresh one must not be barred by what a clock that ran ahead once left
    /// here.
    package var retiredStepBegan = Instant.distantPast
    package var totp = Throttle()
    package var backup = Throttle()
    package var attempts: [RememberedAttempt] = []
    /// How many steps from the clock's the newest accepted ones were, of the first authenticator.
    package var drifts = Drifts()
    /// Of both budgets, since the last yes of `verify`; counted while there is a factor.
    package var wrongCodes: UInt16 = 0
    /// Browsers whose wrong codes are counted apart. They go with the factor.
    package var browsers: [KnownBrowser] = []
    /// See `UsedSteps.offset`; of the first authenticator.
    package var offset: Int8 = 0
    /// Of the authenticators beside the first, in their order.
    package var others: [UsedSteps] = []
    package var deviceFailures = DeviceFailures()
    package var history = History()

    package init() {}

    /// The budget of a kind of code.
    subscript(budget: CodeMethod) -> Throttle {
        get {
            switch budget {
            case .totp: return totp
            case .backup: return backup
            }
        }
        set {
            switch budget {
            case .totp: totp = newValue
            case .backup: backup = newValue
            }
        }
    }

    /// The present factor goes; its used steps are remembered.
    mutating func retireFactor() {
        retiredStepBegan = others.reduce(max(retiredStepBegan, lastStepBegan)) {
            max($0, $1.lastStepBegan)
        }
        lastStepBegan = .distantPast
        others = []
        drifts = Drifts()
        offset = 0
        browsers = []
    }
}
