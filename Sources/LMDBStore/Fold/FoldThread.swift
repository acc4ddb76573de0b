// The thread that makes the checkpoints, while the writer lane goes on. It is given one lap of the
// log at a time, and folds it into LMDB.

import Glibc
import Store

final class FoldThread: @unchecked Sendable {
    // Unchecked, because everything that changes is used under `monitor` only.

    enum Progress {
        /// There is nothing to fold.
        case idle
        case folding
        case folded
        case failed(StoreFault)
    }

    private let thread = StoppableThread()
    private var monitor: Monitor { thread.monitor }
    /// Folds a lap, and says how much of it is folded, from 0 to 1. Returns why it could not.
    typealias Work = @Sendable (LogLap, _ note: (Double) -> Void) -> StoreFault?

    private let work: Work
    private var lap: LogLap?
    private var progress = Progress.idle
    /// Of the lap.
    private var share = 0.0

    init(_ work: @escaping Work) {
        self.work = work
        thread.start(named: "fold") { self.run() }
    }

    /// Begins to fold a lap, which nobody may change from here on.
    func begin(_ lap: LogLap) {
        monitor.locked {
            precondition(self.lap == nil, "one lap at a time")
            self.lap = lap
            progress = .folding
            share = 0
            monitor.notify()
        }
    }

    /// How the lap is doing that was given last. Its end is told once.
    func collect(waiting: Bool) -> Progress {
        monitor.locked {
            while waiting, case .folding = progress { monitor.wait() }
            switch progress {
            case .idle, .folding: return progress
            case .folded, .failed:
                defer { progress = .idle }
                return progress
            }
        }
    }

    /// Waits until so much of the lap is folded, or its fold has ended.
    func wait(for share: Double) {
        monitor.locked {
            while case .folding = progress, self.share < share { monitor.wait() }
        }
    }

    /// How much of the lap that was given last is folded; nil once its fold has ended.
    var foldedShare: Double? {
        monitor.locked {
            guard case .folding = progress else { return nil }
            return share
        }
    }

    /// Ends the thread, after the lap it is at.
    func stop() { thread.stop() }

    private func run() {
        while let lap = next() {
            let fault = work(lap) { share in
                monitor.locked {
                    self.share = share
                    monitor.notify()
                }
            }
            monitor.locked {
                self.lap = nil
                progress = fault.map { .failed($0) } ?? .folded
                monitor.notify()
            }
        }
    }

    private func next() -> LogLap? {
        monitor.locked {
            while lap == nil {
                if thread.isStopping { return nil }
                monitor.wait()
            }
            return lap
        }
    }
}
