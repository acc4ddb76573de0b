// A state directory and the environment in it, opened and found to belong together.

import Accounts
import Glibc
import Secrets
import Store

struct StoreFiles {
    let directory: StateDirectory
    let environment: LMDBEnvironment
    let tables: Tables
    let contents: Meta.Contents

    init(
        path: String, ring: KeyRing, mapBytes: Int, isReadOnly: Bool
    ) throws(OpeningRefusal) {
        do {
            directory = try StateDirectory(path: path, isExclusive: !isReadOnly)
        } catch {
            throw .directory(path, error)
        }
        do {
            environment = try LMDBEnvironment(
                path: path, mapBytes: mapBytes, isReadOnly: isReadOnly)
        } catch {
            switch error.code {
            case ENOENT where isReadOnly: throw .noStore
            case ENOMEM: throw .addressSpace(mapBytes)
            default: throw OpeningRefusal(error)
            }
        }
        do {
            if !isReadOnly {
                try environment.refuseDoubleUse()
                try environment.fillUp()
            }
            let hasLog = try LogSegment.paths(in: path).contains { path throws(LogFault) in
                try LogSegment.holdsFrames(path)
            }
            (tables, contents) = try Meta.open(
                environment, ring, isReadOnly: isReadOnly, hasLog: hasLog)
            if !isReadOnly {
                let keeper = StateKeeper(tables: tables) { [seal = contents.seal] in seal }
                environment.keeper.withLock { $0 = keeper }
            }
            // Steps that were used since it was made would count again.
            guard isReadOnly || !contents.isCopy else { throw OpeningRefusal.copy }
        } catch {
            environment.close()
            throw OpeningRefusal(error, path: path)
        }
    }

    /// How far time has come in this store. Where nobody has kept that, or it does not open, the
    /// newest event says it as well as can be.
    func moments(_ recovered: LogRecovery, at now: Instant) throws -> LivedClock.Moments {
        try environment.read { transaction in
            do {
                if let kept = try Meta.lived(transaction, tables, contents.seal) { return kept }
            } catch OpeningRefusal.canary {
                // The next that is kept takes its place.
            }
            let newest = try NewestEvent(
                tables: tables, seal: contents.seal, laps: recovered.laps
            ).moment(transaction)
            return LivedClock.Moments(lived: newest ?? now, expected: newest ?? now)
        }
    }

    /// Refuses a store whose events do not end where it says. With some behind the end the next
    /// would have no place. Without the last, a disk lost something: perhaps accounts as well.
    ///
    /// - Parameter head: the end, with what the log has.
    func refuseOtherEnd(than head: EventHead) throws {
        try environment.read { transaction in
            let last = try transaction.lastKey(tables.events) { $0.map(LoggedEvents.sequence) }
            if let last, last > head.sequence { throw OpeningRefusal.eventsBehindEnd }
            let folded = contents.head
            guard folded.sequence > contents.tail.sequence else { return }
            var isThere = false
            try withUnsafeBytes(of: folded.sequence.bigEndian) { key in
                try transaction.scan(tables.events, from: key, .backward) { key, sealed in
                    isThere = ends(key, sealed, at: folded)
                    return false
                }
            }
            guard isThere else { throw OpeningRefusal.eventsMissing }
        }
    }

    /// Whether a block of events ends there, as far as it can be read: a damaged one is not lost,
    /// and the check finds it.
    private func ends(
        _ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer, at head: EventHead
    ) -> Bool {
        let version = RecordSeal.version(of: sealed)
        do throws(RecordFault) {
            return try contents.seal.withOpened(sealed, version: version, in: .events, at: key) {
                plain throws(RecordFault) in
                try EventRecord.decode(plain, version: version).head(of: plain) == head
            }
        } catch {
            return true
        }
    }
}
