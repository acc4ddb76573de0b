// Changes that wait for the lane, by the party that brought them. Parties take turns: a batch has
// an equal share for each, and what one leaves of its share is for the others. Within a party the
// first to come is first. So a party that has many waiting costs another one a batch, and not the
// queue.

extension WriterLane {
    package struct Turns {
        private struct Line {
            var waiting: Submissions
            /// Of those, the oldest that were there at the last `mark`.
            var marked = 0
        }

        /// Of the parties of which something waits.
        private var lines: [Party: Line] = [:]
        /// The same parties, in the order of their turns.
        private(set) var order: [Party] = []
        /// An empty one: a list that fills has the memory of one that was emptied.
        private var spare = Submissions()
        package private(set) var count = 0
        /// How many of those that were there at the last `mark` are still here.
        private(set) var marked = 0

        package init() {}

        package var isEmpty: Bool { count == 0 }
        package var parties: Int { order.count }

        package func count(of party: Party) -> Int { lines[party]?.waiting.count ?? 0 }

        package mutating func append(_ submission: Submission, of party: Party) {
            count += 1
            guard lines[party]?.waiting.append(submission) == nil else { return }
            var line = Submissions()
            swap(&line, &spare)
            line.append(submission)
            lines[party] = Line(waiting: line)
            order.append(party)
        }

        /// Takes all that is in `other`, behind what is here.
        mutating func take(_ other: inout Turns) {
            if isEmpty {
                swap(&self, &other)
            } else {
                for party in other.order { take(&other, party) }
                (other.order, other.count, other.marked) = ([], 0, 0)
            }
        }

        private mutating func take(_ other: inout Turns, _ party: Party) {
            guard var line = other.lines.removeValue(forKey: party) else { return }
            count += line.waiting.count
            if lines[party]?.waiting.take(&line.waiting) == nil {
                lines[party] = Line(waiting: line.waiting)
                order.append(party)
            } else {
                other.spare = line.waiting
            }
        }

        /// Remembers what is here now.
        mutating func mark() {
            for party in order {
                let waiting = count(of: party)
                lines[party]?.marked = waiting
            }
            marked = count
        }

        /// Puts `countMax` changes into `batch`, which is empty, or all that there are.
        mutating func takeBatch(_ batch: inout Submissions, atMost countMax: Int) {
            var room = countMax
            // Each round empties a line, or fills the batch.
            while room > 0, !isEmpty {
                let parties = order
                order.removeAll(keepingCapacity: true)
                var turns = parties[...]
                while room > 0, let party = turns.first {
                    room -= takeTurn(of: party, &batch, atMost: max(1, room / turns.count))
                    turns.removeFirst()
                }
                order.insert(contentsOf: turns, at: 0)
            }
        }

        /// Returns how many it took; a party that has more comes last again.
        private mutating func takeTurn(
            of party: Party, _ batch: inout Submissions, atMost share: Int
        ) -> Int {
            guard var line = lines.removeValue(forKey: party) else {
                preconditionFailure("a party that has its turn has something waiting")
            }
            let taken = min(share, line.waiting.count)
            batch.take(&line.waiting, atMost: share)
            count -= taken
            marked -= min(taken, line.marked)
            line.marked -= min(taken, line.marked)
            if line.waiting.isEmpty {
                spare = line.waiting
            } else {
                lines[party] = line
                order.append(party)
            }
            return taken
        }

        /// All that there is, for whoever tells them that nothing is done.
        package mutating func removeAll() -> Submissions {
            var all = Submissions()
            takeBatch(&all, atMost: .max)
            return all
        }
    }
}
