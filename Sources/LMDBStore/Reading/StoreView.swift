// A whole store at one moment: a snapshot of LMDB, and the part of the log that is newer. It has
// everything that was answered before.
//
// It reads the files as another process would, because it may be one, beside a daemon that goes on
// writing: the snapshot first, then a copy of the log, which has all that is beyond it.

import Accounts
import CLMDB
import Secrets
import Store

struct StoreView {
    let tables: Tables
    /// The store's own records, and the keys, as the snapshot has them: they may be changing.
    let contents: Meta.Contents
    /// What was not folded, in its order.
    let laps: [LogLap]
    /// Whether a frame behind the last one does not open: a daemon may be just writing it.
    let isBroken: Bool

    /// How often the log is read again when it seems not to fit the snapshot.
    private static let triesMax = 20

    /// Lends the view and its snapshot, once. Throws `LogRefusal` when the log does not fit.
    ///
    /// - Parameter isOwn: whether the process that asks is the one that serves from the store: it
    ///   tells nobody of what is not on the disk, and so flushes what the view has found.
    static func read<Result>(
        _ path: String, _ environment: LMDBEnvironment, _ tables: Tables, _ ring: KeyRing,
        isOwn: Bool = false, _ body: (StoreView, borrowing Transaction) throws -> Result
    ) throws -> Result {
        // A daemon may have written over what was folded meanwhile, or appended while we looked. A
        // log that does not fit twice in the same way does not fit.
        var refusal: LogRefusal?
        for _ in 0..<triesMax {
            do {
                return try environment.read { transaction in
                    let view = try StoreView(path, transaction, tables, ring)
                    if isOwn { for lap in view.laps { try lap.segment.flush() } }
                    return try body(view, transaction)
                }
            } catch let again as LogRefusal where again != refusal {
                refusal = again
            }
        }
        throw StoreFault.broken("the log changes faster than it can be read")
    }

    private init(
        _ path: String, _ transaction: borrowing Transaction, _ tables: Tables, _ ring: KeyRing
    ) throws {
        guard let contents = try Meta.load(transaction, tables, ring) else {
            throw OpeningRefusal.noStore
        }
        let segments = try LogSegment.paths(in: path).compactMap { path throws(LogFault) in
            try LogSegment(copyOf: path)
        }
        (self.tables, self.contents) = (tables, contents)
        let recovered = try LogRecovery(segments, of: contents)
        (laps, isBroken) = (recovered.laps, recovered.isBroken)
    }

    /// Where the chain of events ends.
    var head: EventHead { laps.last?.last?.head ?? contents.head }
    /// The last frame of the log.
    var lastFrame: LogFrameID { laps.last?.last?.id ?? contents.mark.folded }

    var newestEvent: NewestEvent { NewestEvent(tables: tables, seal: contents.seal, laps: laps) }

    /// Visits the records that hold events, in their order, in LMDB and behind that in the log.
    /// An entry of the log that is empty, which none may be, comes as nil.
    func forEachEventRecord(
        _ transaction: borrowing Transaction, damage: (LMDBFault) throws -> Void = { throw $0 },
        _ body: (_ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer?) throws -> Void
    ) throws {
        // A fold that has not come to its end has some of the log's in LMDB already.
        var last: UInt64 = 0
        try transaction.forEach(tables.events, damage: damage) { key, sealed in
            // A key of another length is nobody's event; it does not open.
            if key.count == Table.events.keyBytes { last = LoggedEvents.sequence(key) }
            try body(key, sealed)
        }
        for lap in laps {
            var events = try LoggedEvents(lap)
            while let event = try events.next() {
                guard LoggedEvents.sequence(event.key) > last else { continue }
                try body(event.key, event.place.record(in: lap.bytes))
            }
        }
    }
}
