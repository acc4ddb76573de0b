// What waits for the lane, and in which order it is done: changes first, then what the store has to
// do for itself, then whoever pings or looks. It must lose nothing that was put in.

extension WriterLane {
    /// Queues a change. Returns false, and does nothing, when too many wait or the lane has
    /// stopped.
    package func submit(_ submission: Submission, of party: Party) -> Bool {
        var one = Turns()
        one.append(submission, of: party)
        return submit(&one)
    }

    struct Queue {
        /// What is done after the changes that waited when it came.
        struct Round {
            var isDue = false
            var pings: [@Sendable () -> Void] = []
            /// One only: changes come first, however many want to look.
            var look: Look?
        }

        var changes = Turns()
        var pings: [@Sendable () -> Void] = []
        var looks: [Look] = []
        /// The store has something to do for itself.
        var isDue = false
        /// What comes after those changes that are marked.
        private var after = Round()
        private var company = Company()

        var isEmpty: Bool { changes.isEmpty && pings.isEmpty && looks.isEmpty && !isDue }

        /// Puts the next changes into `batch`, which is empty, and returns what comes after them.
        mutating func next(_ batch: inout Submissions) -> Round {
            if changes.marked == 0 {
                changes.mark()
                after = Round(
                    isDue: isDue, pings: pings, look: looks.isEmpty ? nil : looks.removeFirst())
                (isDue, pings) = (false, [])
            }
            company.begin()
            changes.order.prefix(2).forEach { company.serve($0) }
            let most = company.isShared ? WriterLane.sharedBatchMax : WriterLane.batchMax
            changes.takeBatch(&batch, atMost: most)
            guard changes.marked == 0 else { return Round() }
            defer { after = Round() }
            return after
        }

        /// Takes out what has to be told that nothing is done any more. Pings hear nothing then.
        mutating func removeAll() -> (changes: Submissions, looks: [Look]) {
            let all = (changes.removeAll(), (after.look.map { [$0] } ?? []) + looks)
            self = Queue()
            return all
        }
    }
}
