// Where faults go: into the log, at a bounded rate. The worst of them end the process.

import Glibc
import Store
import Synchronization
import Systemd

final class FaultLog: Sendable {
    /// Enough to see that it goes on, too few to fill a disk that is full already.
    private static let secondsBetween = 10
    /// A full store is in use all the time: had it room by now, a minute would have shown it.
    private static let secondsRecent = 60

    private struct State {
        var lastWritten: Int?
        var leftOut = 0
        var full: (cause: String, at: Int)?
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
        case .full(let cause):
            state.withLock { $0.full = (cause, Self.seconds()) }
            write("refusing what has to be kept: \(fault)", log.error)
        case .unreadable: write("refusing what has to be read first: \(fault)", log.error)
        case .away: write("refusing what the store is needed for: \(fault)", log.error)
        case .broken:
            log.error("ending: \(fault)")
            _exit(EX_IOERR)
        }
    }

    /// Why something was refused for want of room, within the last minute.
    func full() -> String? {
        let now = Self.seconds()
        return state.withLock { state in
            guard let full = state.full, now - full.at <= Self.secondsRecent else { return nil }
            return full.cause
        }
    }

    private static func seconds() -> Int { Int(MonotonicClock.microseconds() / 1_000_000) }

    private func write(_ sentence: String, _ write: (String) -> Void) {
        let now = Self.seconds()
        let leftOut: Int? = state.withLock { state in
            if let last = state.lastWritten, now - last < Self.secondsBetween {
                state.leftOut += 1
                return nil
            }
            defer { state.leftOut = 0 }
            state.lastWritten = now
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
