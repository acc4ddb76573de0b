// The buckets of limits that a batch reads and changes. Each change sees what the one before it
// spent. A bucket that does not open is an error, and not an empty one.

import Accounts
import Secrets
import Store

final class BatchLimits {
    private let tables: Tables
    private let seal: RecordSeal
    private let frame: LogFrameWriter
    /// Where in the frame the buckets are that this batch has changed.
    private let changed: LogIndex

    init(tables: Tables, seal: RecordSeal, frame: LogFrameWriter, changed: LogIndex) {
        (self.tables, self.seal, self.frame, self.changed) = (tables, seal, frame, changed)
    }

    /// Decides what is asked of a limit.
    func apply(
        _ change: LimitChange, _ log: WriteAheadLog, _ transaction: borrowing Transaction
    ) throws(LMDBFault) -> LimitResult {
        let address = change.address
        let stored: LimitBucket
        var isUnreadable = false
        switch try load(address.bucket, log, transaction) {
        case .success(let bucket): stored = bucket
        case .failure(let fault):
            guard change.replacesUnreadable else { return .unreadable(fault) }
            isUnreadable = true
            stored = LimitBucket()
        }
        let outcome = change.decide(stored)
        if isUnreadable || outcome.bucket != stored { put(outcome.bucket, address) }
        if isUnreadable {
            RecordKey(address.bucket).withBytes {
                transaction.trees.damage.forget($0, in: .limits)
            }
        }
        return .decided(outcome.answer)
    }

    /// What the source of a change has spent; nil when the change has none.
    func source(
        of change: AccountChange, _ log: WriteAheadLog, _ transaction: borrowing Transaction
    ) throws(LMDBFault) -> Result<SourceLimit, RecordFault>? {
        guard let address = change.source else { return nil }
        return try load(address.bucket, log, transaction).map {
            SourceLimit(tag: address.tag, bucket: $0)
        }
    }

    /// Decides an account's change together with what its source has spent, and keeps the latter.
    func decide(
        _ change: AccountChange, _ account: Account, _ source: SourceLimit
    ) -> Outcome {
        let (outcome, charged) = change.decide(account, source)
        if let address = change.source, charged != source {
            put(charged.bucket, address)
        }
        return outcome
    }

    /// Has what cannot be read count as spent, until all of it would have come back: the way out
    /// for the people behind it, and none for a guesser.
    func replaceUnreadable(_ change: AccountChange) {
        guard let address = change.source else { return }
        let source = SourceLimit.replacement(
            tag: address.tag, at: change.now, under: change.policy)
        put(source.bucket, address)
    }

    private func load(
        _ id: RecordID, _ log: WriteAheadLog, _ transaction: borrowing Transaction
    ) throws(LMDBFault) -> Result<LimitBucket, RecordFault> {
        try RecordKey(id).withBytes { key throws(LMDBFault) in
            let logged = Logged(changed[id].one, in: frame.bytes).or(log.bucket(id))
            let found = try transaction.lookUp { () throws(LMDBFault) in
                try transaction.newest(logged, in: tables.limits, at: key) {
                    pair throws(LMDBFault) in try refuse(pair, inPlaceOf: key)
                }
            }
            do throws(RecordFault) {
                guard let sealed = try found.get() else { return .success(LimitBucket()) }
                return .success(try seal.openBucket(sealed, at: key))
            } catch {
                transaction.trees.damage.note(error, at: key, in: .limits)
                return .failure(error)
            }
        }
    }

    /// As many bits of a bucket's key may be others by damage. Keys are HMACs of 128 bits: two that
    /// are true differ in fewer once in 10⁷ times.
    private static let damagedBitsMax = 32

    /// Throws when a record beside the place of a bucket that is not there may be that bucket, with
    /// a key that damage has changed: nothing would count as spent. A page's keys are in order, so
    /// it is none of the others; and it does not open, since its seal knows its key.
    private func refuse(
        _ pair: PageTree.Pair, inPlaceOf key: UnsafeRawBufferPointer
    ) throws(LMDBFault) {
        guard pair.key.count == key.count else {
            throw .damaged(pair.page, "a key is none", in: .limits)
        }
        let distance = zip(pair.key, key).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
        guard distance <= Self.damagedBitsMax, !seal.opens(pair.value, in: .limits, at: pair.key)
        else { return }
        throw .damaged(
            pair.page, "a record beside the place of another does not open", in: .limits)
    }

    private func put(_ bucket: LimitBucket, _ address: LimitAddress) {
        let place = RecordKey(address.bucket).withBytes { key in
            guard let plain = LimitRecord.encode(bucket, of: address.owner) else {
                return frame.delete(in: .limits, at: key)
            }
            return plain.withBytes {
                frame.put($0, version: LimitRecord.version, in: .limits, at: key)
            }
        }
        changed.update(address.bucket, RecordPlaces(one: place))
    }
}

extension RecordSeal {
    func openBucket(
        _ sealed: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> LimitBucket {
        try openLimits(sealed, at: key) { plain, version throws(RecordFault) in
            try LimitRecord.decode(plain, version: version)
        }
    }

    /// A bucket, and whose it is.
    func openOwnedBucket(
        _ sealed: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> LimitSlice.Bucket {
        try openLimits(sealed, at: key) { plain, version throws(RecordFault) in
            LimitSlice.Bucket(
                owner: try LimitRecord.decodeOwner(plain, version: version),
                keys: try LimitRecord.decode(plain, version: version))
        }
    }

    private func openLimits<Found>(
        _ sealed: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer, UInt8) throws(RecordFault) -> Found
    ) throws(RecordFault) -> Found {
        let version = Self.version(of: sealed)
        guard LimitRecord.versions.contains(version) else { throw .unknownFormat(version) }
        return try withOpened(sealed, version: version, in: .limits, at: key) {
            plain throws(RecordFault) in
            try body(plain, version)
        }
    }
}
