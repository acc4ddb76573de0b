// Which accounts each run uses. No account may be in two runs: its code would be used by then.

struct Plan {
    struct Run {
        let round: Int
        /// The shape's place among the shapes.
        let shapeIndex: Int
        let shape: Shape
        /// Places in the order of accounts, not accounts themselves.
        let places: Range<Int>
    }

    let shapes: [Shape]
    let rounds: [[Run]]

    /// - Parameter requests: for each run of a shape that does not say itself.
    init(
        accounts: Int, shapes: [Shape], requests: Int?, rounds: Int
    ) throws(LoadError) {
        let counts = Self.counts(accounts / rounds, shapes, requests)
        let needed = rounds * counts.reduce(0, +)
        guard needed <= accounts, counts.allSatisfy({ $0 > 0 }) else {
            throw .tooFewAccounts(needed: max(needed, rounds * shapes.count), given: accounts)
        }
        var next = 0
        self.shapes = shapes
        self.rounds = (0..<rounds).map { round in
            shapes.indices.map { index in
                defer { next += counts[index] }
                return Run(
                    round: round, shapeIndex: index, shape: shapes[index],
                    places: next..<next + counts[index])
            }
        }
    }

    private static func counts(_ accounts: Int, _ shapes: [Shape], _ requests: Int?) -> [Int] {
        let stated = shapes.map { $0.requests ?? requests }
        let rest = max(0, accounts - stated.reduce(0) { $0 + ($1 ?? 0) })
        let silent = stated.count { $0 == nil }
        return stated.map { $0 ?? rest / silent }
    }
}
