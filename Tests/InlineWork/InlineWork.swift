// Does all work at once, where it is asked for: for tests of what is decided, not of when.

import Server
import Store

package struct InlineWork: ChangeQueue, SlowWork {
    private let store: any AccountStore

    package init(store: any AccountStore) { self.store = store }

    package func submit(_ submission: Submission, of party: Party) -> Bool {
        do throws(StoreFault) {
            for result in try store.apply([submission.change]) { submission.tell(result) }
        } catch {
            submission.fail(error)
        }
        return true
    }

    package func submit<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool {
        completion(work())
        return true
    }

    package func look<Found: Sendable>(
        _ body: @escaping @Sendable (any AccountStore) -> Found,
        _ completion: @escaping @Sendable (Found?) -> Void
    ) -> Bool {
        completion(body(store))
        return true
    }

    package func report(_ completion: @escaping @Sendable (StoreReport.Outcome) -> Void) {
        do throws(StoreFault) {
            let figures = try store.figures()
            let now = MonotonicClock.microseconds()
            completion(.found(StoreReport(LaneFigures(), figures, askedAt: now)))
        } catch {
            completion(.failed(error))
        }
    }

    package func begin<Result: Sendable>(
        _ name: String, _ work: @escaping @Sendable (Job) -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool {
        completion(work(Job(name)))
        return true
    }
}
