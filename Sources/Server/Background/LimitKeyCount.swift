// How many keys of `limit` each app has. Buckets say it, and nothing else: so they are counted, all
// of them, when somebody asks and the newest count is old. Whoever is told a
// number is told when it was counted.
//
// A count is no snapshot. A key that was under way all the time is in it; one that came or went
// meanwhile may be or not.

import Accounts
import Store
import Synchronization

final class LimitKeyCount: Sendable {
    struct Finding: Sendable {
        let counts: LimitKeyCounts
        /// When the count began.
        let at: Instant
    }

    typealias Completion = @Sendable (Finding?) -> Void

    /// What comes of asking.
    enum Demand {
        /// Nothing has to be counted.
        case fresh(Finding)
        /// Whoever asked has to count, and to end it.
        case count
        /// Others count already.
        case wait
    }

    private struct State {
        var newest: Finding?
        var isUnderWay = false
        var restsUntil = Instant.distantPast
        var waiting: [Completion] = []
    }

    private let state = Mutex(State())

    /// The newest count; nil before the first.
    var newest: Finding? { state.withLock { $0.newest } }

    /// - Parameter completion: is told at the end of the count, unless there is a fresh one.
    func demand(at now: Instant, _ completion: @escaping Completion) -> Demand {
        state.withLock { state in
            // A rest that is longer than any is one of before the clock was set back.
            let isResting =
                now < state.restsUntil && state.restsUntil - now <= ServerPolicy.countRestMax
            if !state.isUnderWay, isResting, let newest = state.newest { return .fresh(newest) }
            state.waiting.append(completion)
            guard !state.isUnderWay else { return .wait }
            state.isUnderWay = true
            return .count
        }
    }

    /// - Parameter counts: nil when they could not be counted to the end.
    func end(_ counts: LimitKeyCounts?, begunAt start: Instant, at now: Instant) {
        let (waiting, finding) = state.withLock { state in
            let finding = counts.map { Finding(counts: $0, at: start) }
            if let finding {
                state.newest = finding
                // Its looks take a twentieth of the lane at most, however many keys there are.
                let rest = min((now - start) * 20, ServerPolicy.countRestMax)
                state.restsUntil = now + max(rest, ServerPolicy.countRestMin)
            }
            state.isUnderWay = false
            defer { state.waiting = [] }
            return (state.waiting, finding)
        }
        for completion in waiting { completion(finding) }
    }
}

extension Dispatcher {
    /// Tells the newest count, and counts first when that is old; nil when nobody could count.
    func countLimitKeys(_ told: @escaping LimitKeyCount.Completion) {
        let now = clock()
        switch limitKeys.demand(at: now, told) {
        case .fresh(let finding): told(finding)
        case .count: count(LimitKeySearch(at: now))
        case .wait: break
        }
    }

    private func count(_ search: LimitKeySearch) {
        @Sendable func end(_ counts: LimitKeyCounts?) {
            limitKeys.end(counts, begunAt: search.start, at: clock())
        }
        let isTaken = queue.advance(search) { [self] found in
            switch found {
            case .success(let search) where search.isAtEnd: end(search.counts)
            case .success(let search): count(search)
            case .failure(let fault):
                warn("the store could not be read: \(fault)")
                end(nil)
            case nil: end(nil)
            }
        }
        if !isTaken { end(nil) }
    }
}
