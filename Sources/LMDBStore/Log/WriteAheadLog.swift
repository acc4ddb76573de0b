// The write-ahead log in front of LMDB. What a batch changed is appended here with one small flush,
// and folded into LMDB later. A frame stays until LMDB has it.
//
// Two segments take turns. While one fills, the other is folded by a thread of its own; when the
// one is full and the other is not done, whoever appends waits.

import Accounts
import Glibc
import Store

final class WriteAheadLog {
    let size: LogSize
    private let foldThread: FoldThread
    /// Says what of it is on the disk.
    let flushes: FlushThreads
    private(set) var active: LogLap
    /// The other lap: empty, or full and being folded.
    private(set) var other: LogLap
    private var isFolding = false
    private let carry: LogCarry?
    /// The other lap may be folded once the first frame of the active one is on the disk.
    private var isFoldDue = false
    /// How full the active lap was when the fold of the other one began: much, after a crash.
    private(set) var filledAtFold = 0.0
    /// The lap shall end although it is not full, once the other one is folded.
    private(set) var isSwitchWanted = false
    /// The last frame.
    private(set) var last: LogFrameID

    /// - Parameter head: where the chain of events ends.
    init(
        _ recovered: LogRecovery, _ head: EventHead, size: LogSize, foldThread: FoldThread,
        carry: LogCarry? = nil
    ) {
        (self.size, self.carry) = (size, carry)
        self.foldThread = foldThread
        let laps = recovered.spare + recovered.laps
        precondition(laps.count == 2, "two segments take turns")
        (other, active) = (laps[0], laps[1])
        last = recovered.last
        flushes = FlushThreads(
            at: .init(frame: last.sequence, event: head.sequence), in: active.segment)
        if !other.isEmpty { beginFolding() }
    }

    /// Takes notice of what threads have done. Throws `broken` when nothing may go on.
    func collect() throws(StoreFault) {
        try flushes.check()
        try collect(waiting: false, isNeeded: false)
        foldIfDue()
    }

    // MARK: Flushing

    /// Returns once everything that was appended is on the disk.
    func flushAll() throws(StoreFault) {
        try flushes.flushHere()
        foldIfDue()
    }

    /// Has the places of an account's records brought near.
    func prefetch(_ id: RecordID) {
        active.newest.accounts.prefetch(id)
        other.newest.accounts.prefetch(id)
    }

    /// The newest records of an account, as far as they are here.
    func records(of id: RecordID) -> LoggedRecords {
        active.records(of: id).or(other.records(of: id))
    }

    /// In their order.
    var laps: [LogLap] { [other, active] }

    /// The newest record of a bucket of limits, as far as it is here.
    func bucket(_ id: RecordID) -> Logged { active.bucket(id).or(other.bucket(id)) }

    /// Frames that may be lost together, whoever writes: so many batches at most.
    static let inFlightMax = 16

    /// Seals a frame and appends it; a flush has to follow. When this throws `full`, nothing was
    /// kept.
    func append(
        _ frame: LogFrameWriter, _ head: EventHead, _ changed: LogIndexes
    ) throws(StoreFault) {
        precondition(frame.footprint <= size.bytesMin, "a batch larger than a segment")
        let isOver = active.recordCount >= size.accountsMax || isSwitchWanted
        // Where leftovers of the other lap would go.
        let isReserved = !active.isEmpty && !other.isEmpty
        let room = active.room - (isReserved ? size.bytesOfLeftovers : 0)
        if frame.footprint > room || isOver && other.isEmpty { try swap() }
        keepPace()
        if last.sequence - flushes.flushed >= Self.inFlightMax { try flushes.flushHere() }
        // Now it is known which file it goes to.
        try append(frame, endingWith: head, changed)
        if active.first?.id == last, !other.isEmpty, !isFolding { isFoldDue = true }
    }

    private func append(
        _ frame: LogFrameWriter, endingWith head: EventHead, _ changed: LogIndexes
    ) throws(StoreFault) {
        let id = frame.end(
            head, after: last, inFlight: Int(last.sequence - flushes.flushed),
            fileBytes: active.bytes.count)
        do throws(LogFault) {
            try active.append(frame.endedBytes, id, after: last, head, changed)
        } catch {
            throw error.storeFault
        }
        last = id
        flushes.wrote(.init(frame: id.sequence, event: head.sequence), in: active.segment)
    }

    /// Has the next frame begin a new lap, so that what is in this one gets folded.
    func requestSwitch() { isSwitchWanted = !active.isEmpty }

    /// Folds everything; when this throws, what was not folded is still here.
    func foldAll() throws(StoreFault) {
        if !other.isEmpty || !active.isEmpty { try swap() }
        if !other.isEmpty { try fold() }
    }

    /// Has the active lap fill no faster than the other one is folded.
    private func keepPace() {
        guard isFolding, other.recordCount > FoldPace.stepsUnpaced * size.accountsPerStep else {
            return
        }
        let due = FoldPace.share(dueAt: filled, since: filledAtFold)
        if due > 0 { foldThread.wait(for: due) }
    }

    /// How much of the other lap is folded; nil while it is not being folded.
    var foldedShare: Double? { foldThread.foldedShare }

    /// How full the active lap is, by what fills it first.
    var filled: Double {
        let ofBytes = Double(active.end) / Double(active.bytes.count)
        return max(ofBytes, Double(active.recordCount) / Double(size.accountsMax))
    }

    /// Goes on in the other segment; the lap that was active is to be folded.
    private func swap() throws(StoreFault) {
        // A fold takes only what is on the disk, and what is in flight is in one file.
        try flushes.flushHere()
        try collect(waiting: true, isNeeded: false)
        // A fold that failed for want of room is tried again now, because now it has to succeed,
        // and there may be room that was not there when it began.
        if !other.isEmpty { try fold() }
        Swift.swap(&active, &other)
        isSwitchWanted = false
    }

    private func fold() throws(StoreFault) {
        beginFolding()
        try collect(waiting: true, isNeeded: true)
    }

    /// Not before the first frame of this lap is on the disk: the fold notes that there is a lap
    /// behind the one it takes away.
    private func foldIfDue() {
        guard isFoldDue, let first = active.first, flushes.flushed >= first.id.sequence else {
            return
        }
        beginFolding()
    }

    private func beginFolding() {
        (isFolding, isFoldDue) = (true, false)
        filledAtFold = filled
        other.successor = active.first?.id ?? .none
        foldThread.begin(other)
    }

    /// Reads no frame up to `sequence` any more, all of which LMDB has: waits for the fold thread,
    /// where that has still to make the segment longer.
    func letGo(upTo sequence: UInt64) throws(StoreFault) {
        guard let first = other.first, first.id.sequence <= sequence else { return }
        try collect(waiting: true, isNeeded: false)
    }

    /// - Parameter isNeeded: whether nothing can go on without room in LMDB.
    private func collect(waiting: Bool, isNeeded: Bool) throws(StoreFault) {
        guard isFolding else { return }
        switch foldThread.collect(waiting: waiting) {
        case .idle, .folding: return
        case .failed(let fault):
            isFolding = false
            // Without room in LMDB the log still has its own.
            if fault.mayPass, !isNeeded { return }
            throw fault
        case .folded:
            isFolding = false
            do throws(StoreFault) {
                try carryLeftovers()
            } catch {
                if error.mayPass, !isNeeded { return }
                throw error
            }
            do throws(LogFault) {
                try other.reset()
            } catch {
                throw error.storeFault
            }
        }
    }
}

extension WriteAheadLog {
    /// Writes anew, durably, what the fold of the other lap has left; then that lap is folded.
    private func carryLeftovers() throws(StoreFault) {
        guard !other.leftovers.isEmpty else { return }
        guard let carry, let head = active.last?.head ?? other.last?.head else {
            throw .unreadable("pages are damaged where records of the log belong")
        }
        let seal = carry.keys.seal
        let frame = LogFrameWriter(seal: seal)
        frame.begin()
        let places: LogIndexes
        do throws(RecordFault) {
            places = try active.carry(from: other, into: frame, seal)
        } catch {
            throw .broken("a frame of the log cannot be read (\(error))")
        }
        if !frame.isEmpty {
            guard frame.footprint <= active.room else {
                throw .unreadable("the log has no room for what belongs to damaged pages")
            }
            try append(frame, endingWith: head, places)
        }
        // LMDB must know of no frame that is not on the disk.
        try flushes.flushHere()
        other.successor = active.last?.id ?? .none
        if let fault = carry.finish(other) { throw fault }
    }
}
