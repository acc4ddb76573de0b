// What waits for the lane, and in which order it is done: changes first, then what the store has to
// do for itself, then whoever pings or looks. It must lose nothing that was put in.

extension WriterLane {
    struct Queue {
        /// What is done after the changes that waited when it came.
        struct Round {
            var isDue = false
            var pings: [@Sendable () -> Void] = []
            /// One only: changes come first, however many want to look.
            var look: Look?
        }

        var changes = Submissions()
        var pings: [@Sendable () -> Void] = []
        var looks: [Look] = []
        /// The store has something to do for itself.
        var isDue = false
        /// Taken out of `changes`, and not yet part of a batch; and what comes after the last one.
        private var taken = Submissions()
        private var after = Round()

        var isEmpty: Bool {
            changes.isEmpty && taken.isEmpty && pings.isEmpty && looks.isEmpty && !isDue
        }

        /// Puts the oldest changes into `batch`, which is empty, and returns what comes after them.
        mutating func next(_ batch: inout Submissions) -> Round {
            if taken.isEmpty {
                taken.take(&changes)
                after = Round(
                    isDue: isDue, pings: pings, look: looks.isEmpty ? nil : looks.removeFirst())
                (isDue, pings) = (false, [])
            }
            if let oldest = taken.takeBatch(atMost: WriterLane.batchMax) {
                batch = oldest
                return Round()
            }
            swap(&batch, &taken)
            defer { after = Round() }
            return after
        }

        /// Takes out what has to be told that nothing is done any more. Pings hear nothing then.
        mutating func removeAll() -> (changes: Submissions, looks: [Look]) {
            taken.take(&changes)
            let all = (taken, (after.look.map { [$0] } ?? []) + looks)
            self = Queue()
            return all
        }
    }
}
