// What the lane keeps of a batch until the disk has it.

extension WriterLane {
    /// Changes that were given to the store.
    struct Given: Sendable {
        let decided: Decided
        /// Of what it has seen.
        let position: UInt64
        /// In microseconds of the monotonic clock.
        let began: Int64
        let fault: StoreFault?
    }
}
