// Where faults go: into the log, at a bounded rate, and the worst of them to the end of the
// process.

import Glibc
import Store
import Synchronization
import Systemd

final class FaultLog: Sendable {
    /// Enough to see that it goes on, too few to fill a disk that is full already.
    private static let secondsBetween = 10

    private struct State {
        var lastWritten: Int?
        var leftOut = 0
    }

    private let log: JournalLog
    private let state = Mutex(State())

    init(_ log: JournalLog) { self.log = log }

    /// A fault of one account's records.
    @Sendable func warn(_ sentence: String) {
        write(sentence, log.error)
    }

    /// A fault of the store. Once it is broken nothing may be built upon it: the process ends, and
    /// starts again from what the disk holds.
    @Sendable func failed(_ fault: StoreFault) {
        switch fault {
        case .full: write("refusing what has to be kept: \(fault)", log.error)
        case .broken:
            log.error("ending: \(fault)")
            _exit(EX_IOERR)
        }
    }

    private func write(_ sentence: String, _ write: (String) -> Void) {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let leftOut: Int? = state.withLock { state in
            if let last = state.lastWritten, time.tv_sec - last < Self.secondsBetween {
                state.leftOut += 1
                return nil
            }
            defer { state.leftOut = 0 }
            state.lastWritten = time.tv_sec
            return state.leftOut
        }
        guard let leftOut else { return }
        write(leftOut == 0 ? sentence : "\(sentence) (and \(leftOut) like it)")
    }

    /// For what may fail without harm, but not in silence.
    @Sendable static func attempt(_ log: JournalLog, _ body: () throws -> Void) {
        do {
            try body()
        } catch {
            log.warning("\(error)")
        }
    }
}
