// The thread for work that can wait. It takes one small step at a time and rests after each, so
// that the fold thread never waits long for LMDB. No answer waits for this thread.

import Glibc
import Store

final class BackgroundThread: @unchecked Sendable {
    // Unchecked, because everything that changes is used under `monitor` only.

    /// What comes after a step.
    enum Rest {
        /// There is more to do.
        case brief
        /// Nothing, until somebody pokes, or for so long.
        case long(atMost: Duration?)
    }

    /// After a step it rests three times as long as the step took: at most a quarter of LMDB's time
    /// is spent here, and none of it in one piece.
    private static let restPerWork = 3
    /// How soon it tries again what found no room.
    private static let restWhenFull = Duration.seconds(10)

    private let thread = StoppableThread()
    private var monitor: Monitor { thread.monitor }
    private let step: @Sendable () throws(StoreFault) -> Rest
    private var isPoked = false
    private var broken: StoreFault?

    init(_ step: @escaping @Sendable () throws(StoreFault) -> Rest) {
        self.step = step
        thread.start(named: "chores") { self.run() }
    }

    /// There may be something to do.
    func poke() {
        monitor.locked {
            isPoked = true
            monitor.notify()
        }
    }

    /// The store was found broken elsewhere: the next batch is told.
    func fail(_ fault: StoreFault) { monitor.locked { broken = fault } }

    /// Why nothing may go on, when the store was found broken.
    func collect() throws(StoreFault) {
        if let broken = monitor.locked({ broken }) { throw broken }
    }

    /// Ends the thread, after the step it is at.
    func stop() { thread.stop() }

    private func run() {
        while goesOn() {
            let began = ContinuousClock.now
            do throws(StoreFault) {
                switch try step() {
                case .brief: rest(atMost: (ContinuousClock.now - began) * Self.restPerWork)
                case .long(let time): rest(atMost: time, untilPoked: true)
                }
            } catch {
                guard error.mayPass else { return fail(error) }
                rest(atMost: Self.restWhenFull)
            }
        }
    }

    private func rest(atMost time: Duration?, untilPoked: Bool = false) {
        let end = time.map { ContinuousClock.now + $0 }
        monitor.locked {
            while !thread.isStopping, !(untilPoked && isPoked) {
                guard let end else {
                    monitor.wait()
                    continue
                }
                let left = end - .now
                guard left > .zero else { return }
                monitor.wait(atMost: left)
            }
        }
    }

    private func goesOn() -> Bool {
        monitor.locked {
            isPoked = false
            return !thread.isStopping
        }
    }
}
