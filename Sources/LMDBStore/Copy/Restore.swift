// Puts a copy of a store in the place of the store, while no daemon runs. First it opens and checks
// all of the copy, and keeps the old store beside it. All steps up to now count as used, since the
// copy does not know which were.

import Accounts
import Glibc
import Secrets
import Store

package struct Restore: Sendable {
    /// A directory that `backup` made, or a state directory of a daemon that has ended.
    package let source: String
    /// The state directory.
    package let state: String
    package let ring: KeyRing
    /// No step is accepted afterwards that a code could have been accepted for by now.
    package let now: Instant
    /// Who restores, for the event that says so.
    package let peer: Peer
    /// Backup codes that were used since the copy was made would count again.
    package let voidsBackupCodes: Bool
    /// Of the host's last start, which the store then fits; nil where the host has none.
    package let epoch: Epoch?

    package init(
        of source: String, into state: String, ring: KeyRing, at now: Instant, by peer: Peer,
        voidsBackupCodes: Bool, epoch: Epoch? = nil
    ) {
        (self.source, self.state, self.ring, self.now) = (source, state, ring, now)
        (self.peer, self.voidsBackupCodes, self.epoch) = (peer, voidsBackupCodes, epoch)
    }

    package struct Report: Equatable, Sendable {
        package let accounts: Int
        package let events: Int
        /// Accounts whose backup codes were voided.
        package let voided: Int
        /// Where the store that was there lies now; nil when there was none.
        package let aside: String?
    }

    package func run(_ job: Job) throws(RestoreRefusal) -> Report {
        do {
            return try replace(job)
        } catch {
            throw RestoreRefusal(error, source: source)
        }
    }

    private func replace(_ job: Job) throws -> Report {
        let held = try RestoreSource(source, state: state)
        defer { withExtendedLifetime(held) {} }
        let place = try RestorePlace(state)
        do {
            return try replace(job, in: place)
        } catch {
            place.discard()
            throw error
        }
    }

    private func replace(_ job: Job, in place: RestorePlace) throws -> Report {
        let files: StoreFiles
        do {
            // Before anything in it is read: LMDB would read past its end.
            guard try LMDBEnvironment.isWhole(source) else { throw RestoreRefusal.cut }
            files = try StoreFiles(
                path: source, ring: ring, mapBytes: LMDBEnvironment.readerRoom, isReadOnly: true)
        } catch let fault as LMDBFault {
            throw RestoreRefusal.source(.engine(fault.text))
        }
        defer { files.environment.close() }
        let check = try StoreCheck(
            path: source, files.environment, files.tables, ring, Job("check")
        ).run()
        guard check.problemCount == 0 else { throw RestoreRefusal.damaged(check) }
        let refusal = try StoreView.read(source, files.environment, files.tables, ring) {
            RestoreRefusal(at: now, newestEvent: try $0.newestEvent.moment($1))
        }
        if let refusal { throw refusal }

        let draft = try place.makeDraft()
        do {
            let (count, voided) = try write(files, to: draft.draft, job)
            guard !files.environment.wasServedMeanwhile else { throw RestoreRefusal.sourceInUse }
            try place.expectRoomToStart()
            let aside = try place.replace(with: draft, at: now)
            return Report(
                accounts: count.accounts, events: count.events, voided: voided, aside: aside)
        } catch {
            draft.discardDirectory(of: LMDBStore.copiedFiles)
            throw error
        }
    }

    // MARK: Writing

    private func write(
        _ files: StoreFiles, to draft: String, _ job: Job
    ) throws -> (StoreCopy.Count, voided: Int) {
        try StoreView.read(source, files.environment, files.tables, ring) { view, transaction in
            let writer = try StoreWriter(
                directory: draft, mapBytes: StoreWriter.mapBytes(for: view, in: files.environment),
                seal: view.contents.seal)
            defer { writer.close() }
            let copy = StoreCopy(view: view, job: job)
            let seal = view.contents.seal
            var voided = 0
            var count = try copy.run(transaction, to: writer) { table, key, sealed in
                guard voidsBackupCodes else { return nil }
                if table == .guards {
                    let logged = view.laps.reversed().reduce(LoggedRecords.nothing) {
                        $0.or($1.records(of: RecordID(key)))
                    }
                    guard
                        let factor = try transaction.newest(
                            logged.factor, in: view.tables.factors, at: key)
                    else { return nil }
                    return try Self.guardOfVoided(sealed, factor, at: key, seal)
                }
                guard table == .factors, var plain = try Self.voided(sealed, at: key, seal) else {
                    return nil
                }
                defer { plain.wipe() }
                voided += 1
                return plain.withBytes {
                    seal.seal($0, version: AccountRecord.pairVersion, in: .factors, at: key)
                }
            }
            var contents = copy.contents
            contents.usedBefore.restore(at: now)
            contents.isCopy = false
            contents.epoch = epoch
            contents.head = try appendEvent(after: contents.head, seal, to: writer)
            count.events += 1
            try writer.finish(contents, wrappedBy: ring.current)
            return (count, voided)
        }
    }

    /// A factor without its backup codes, as a record that has to be wiped; nil when it has none.
    private static func voided(
        _ sealed: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer, _ seal: RecordSeal
    ) throws -> RecordWriter? {
        var (account, _) = try AccountReader(seal: seal).openFactor(sealed, key)
        guard let codes = account.backupCodes, codes.count > 0 else { return nil }
        // None left, and not none ever: the record stays, as the guard says that it does.
        account.backupCodes = BackupCodeSet(salt: codes.salt, hashBytes: [])
        return AccountRecord.encodeFactor(account)
    }

    /// The guard of a factor that loses its backup codes, as the one that was written with it; nil
    /// when the factor stays as it is.
    private static func guardOfVoided(
        _ sealed: UnsafeRawBufferPointer, _ factor: UnsafeRawBufferPointer,
        at key: UnsafeRawBufferPointer, _ seal: RecordSeal
    ) throws -> [UInt8]? {
        let reader = AccountReader(seal: seal)
        guard var plain = try voided(factor, at: key, seal) else { return nil }
        defer { plain.wipe() }
        let mark = plain.withBytes { FactorMark(of: $0) }
        var (account, _) = try reader.openFactor(factor, key)
        account.guard = try reader.openGuard(sealed, key).state
        return AccountRecord.encodeGuard(account, writtenWith: mark)?.withBytes {
            seal.seal($0, version: AccountRecord.pairVersion, in: .guards, at: key)
        }
    }

    private func appendEvent(
        after head: EventHead, _ seal: RecordSeal, to writer: StoreWriter
    ) throws -> EventHead {
        var block = EventBlockWriter(after: head)
        block.append(
            Event(
                sequence: block.nextSequence, at: now, app: "", user: "",
                label: EventLabel(op: "restore", peer: peer), result: "ok"))
        try withUnsafeBytes(of: block.first.bigEndian) { key in
            let sealed = block.withBytes {
                seal.seal($0, version: EventRecord.version, in: .events, at: key)
            }
            try writer.append(.events, key, .own(sealed))
        }
        return block.head
    }
}
