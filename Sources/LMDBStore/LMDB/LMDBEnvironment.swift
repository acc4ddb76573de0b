// An LMDB environment: one memory-mapped file, opened once. Never open it with a flag that trades
// durability for speed (MDB_NOSYNC, MDB_NOMETASYNC, MDB_WRITEMAP, MDB_MAPASYNC).

import CLMDB
import CLinux
import Glibc
import Store

final class LMDBEnvironment: @unchecked Sendable {
    // Unchecked, because LMDB's environments are made to be shared by threads (lmdb.h, "Caveats").
    let environment: OpaquePointer
    private static let databasesMax: MDB_dbi = 8
    /// Readers at once: a check, a backup, and room.
    static let readersMax = 126
    /// What writers know, one of whom has it at a time.
    let writers = Locked(WriterMemory())
    private let isReadOnly: Bool
    /// Read where no lock.mdb was: a daemon that started since would not know of this reader.
    private let isUnlocked: Bool
    private let path: String
    /// What is read without LMDB.
    let file: PageFile
    let pageBytes: Int
    /// Keeps the store's state, once it is known; nobody keeps one of a store that is only read.
    let keeper = Locked<StateKeeper?>(nil)

    /// - Parameter mapBytes: the most the store can grow to. Only address space, until it is used.
    ///   LMDB maps as much as a store has, where that is more.
    init(path: String, mapBytes: Int, isReadOnly: Bool) throws(LMDBFault) {
        (self.path, self.isReadOnly) = (path, isReadOnly)
        isUnlocked = isReadOnly && !Self.hasLock(path)
        // Before LMDB believes them.
        try PageFile.verifyMetas(path)
        var made: OpaquePointer?
        try check(mdb_env_create(&made))
        guard let made else { preconditionFailure("mdb_env_create returned no environment") }
        environment = made
        do {
            try check(mdb_env_set_mapsize(environment, mapBytes))
            try check(mdb_env_set_maxdbs(environment, Self.databasesMax))
            try check(mdb_env_set_maxreaders(environment, UInt32(Self.readersMax)))
            if !isReadOnly { try Self.reserveLock(path) }
            // NOTLS: a reader belongs to its transaction, not to its thread. NORDAHEAD: accounts
            // are met at random, and pages read ahead would be the wrong ones.
            // NOLOCK: who only reads leaves nothing behind.
            let flags =
                MDB_NOTLS | MDB_NORDAHEAD | (isReadOnly ? MDB_RDONLY : 0)
                | (isUnlocked ? MDB_NOLOCK : 0)
            try check(mdb_env_open(environment, path, UInt32(flags), 0o600))
            try check(mdb_reader_check(environment, nil))
            file = try PageFile(path)
            var statistics = MDB_stat()
            try check(mdb_env_stat(environment, &statistics))
            pageBytes = Int(statistics.ms_psize)
        } catch {
            mdb_env_close(environment)
            throw error
        }
    }

    /// What LMDB needs for its table of readers (mdb_env_setup_locks in mdb.c).
    private static let lockBytes = 8192

    /// Gives a new lock.mdb its place on the disk. LMDB maps it with holes, and a hole that finds
    /// no room on the disk is no error when it is written to, but SIGBUS.
    ///
    /// It appears whole: another process may open it at any moment, and one that is there is
    /// LMDB's. Where that cannot be done, LMDB makes its own.
    private static func reserveLock(_ path: String) throws(LMDBFault) {
        let lock = path + "/lock.mdb"
        guard !hasLock(path) else { return }
        let draft = path + "/.lock.mdb.\(getpid())"
        let file = Glibc.open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            // LMDB knows what to do on a disk that is for reading only, and what to say elsewhere.
            guard errno != ENOSPC, errno != EDQUOT else { throw LMDBFault(code: errno) }
            return
        }
        defer { unlink(draft) }
        defer { Glibc.close(file) }
        // Not fallocate(2), which not every file system knows.
        let zeros = [UInt8](repeating: 0, count: lockBytes)
        let written = Glibc.write(file, zeros, lockBytes)
        guard written == lockBytes else { throw LMDBFault(code: written < 0 ? errno : ENOSPC) }
        _ = linux_rename_new(draft, lock)
    }

    private static func hasLock(_ path: String) -> Bool {
        access(path + "/lock.mdb", F_OK) == 0 || errno != ENOENT
    }

    /// Whether a daemon may have written to the pages that were read.
    var wasServedMeanwhile: Bool { isUnlocked && Self.hasLock(path) }

    /// Makes the file as long as LMDB says that it is; once it is known that no page in use is
    /// missing.
    ///
    /// It may be shorter, by pages at its end that were never used. A file that somebody cut is
    /// shorter too, and LMDB would read past its end: SIGBUS. A page of zeros is no page, and LMDB
    /// says so (MDB_CORRUPTED).
    func fillUp() throws(LMDBFault) {
        let (descriptor, size, length) = try lengths()
        guard length < size else { return }
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw LMDBFault(code: errno) }
    }

    /// Whether a closed environment's file is as long as LMDB says.
    static func isWhole(_ path: String) throws(LMDBFault) -> Bool {
        let environment = try LMDBEnvironment(path: path, mapBytes: readerRoom, isReadOnly: true)
        defer { environment.close() }
        let (_, size, length) = try environment.lengths()
        return length >= size
    }

    private func lengths() throws(LMDBFault) -> (mdb_filehandle_t, size: Int, length: Int) {
        var descriptor: mdb_filehandle_t = -1
        try check(mdb_env_get_fd(environment, &descriptor))
        var file = Glibc.stat()
        guard fstat(descriptor, &file) == 0 else { throw LMDBFault(code: errno) }
        return (descriptor, try usedBytes(), Int(file.st_size))
    }

    /// Places for readers that are taken, by the living and the dead.
    func readers() throws(LMDBFault) -> Int {
        var lines = 0
        let code = withUnsafeMutablePointer(to: &lines) { lines in
            mdb_reader_list(
                environment,
                { _, lines in
                    lines?.assumingMemoryBound(to: Int.self).pointee += 1
                    return 0
                }, lines)
        }
        guard code >= 0 else { throw LMDBFault(code: code) }
        // The first line is a heading, or says that there is nobody.
        return max(0, lines - 1)
    }

    /// What a map has that is only read from, beside what is there: a daemon may add some
    /// meanwhile. Where it adds more, the map follows.
    static let readerRoom = 64 << 20

    /// Up to the last page that was ever used.
    func usedBytes() throws(LMDBFault) -> Int {
        var (info, statistics) = (MDB_envinfo(), MDB_stat())
        try check(mdb_env_info(environment, &info))
        try check(mdb_env_stat(environment, &statistics))
        // Of a header that was damaged since it was looked at, no number is too great to be read.
        return (info.me_last_pgno &+ 1) &* Int(statistics.ms_psize)
    }

    /// Closes the environment. Nothing may use it afterwards.
    func close() {
        mdb_env_close(environment)
    }

    /// Makes durable what a process that was killed may have left in the page cache alone.
    func synchronize() throws(LMDBFault) {
        try check(mdb_env_sync(environment, 1))
    }

    /// Lends a snapshot.
    func read<Result>(_ body: (borrowing Transaction) throws -> Result) throws -> Result {
        try check(mdb_reader_check(environment, nil))
        let transaction = try begin(flags: UInt32(MDB_RDONLY))
        let result: Result
        do {
            let trees = try trees(of: transaction) { () throws(LMDBFault) in
                mdb_txn_reset(transaction)
                try check(mdb_txn_renew(transaction))
            }
            result = try body(Transaction(reading: transaction, trees))
        } catch {
            mdb_txn_abort(transaction)
            note(error)
            throw error
        }
        // Nothing is written; but databases opened in a transaction that is aborted are closed.
        try check(mdb_txn_commit(transaction))
        return result
    }

    /// A reader to be used again and again, by one thread.
    func snapshot() throws(LMDBFault) -> Snapshot {
        try check(mdb_reader_check(environment, nil))
        return Snapshot(try begin(flags: UInt32(MDB_RDONLY)), self)
    }

    /// What somebody has met that is damaged.
    var damage: DamageNotes { file.damage }

    func note(_ error: any Error) {
        if let fault = error as? LMDBFault { damage.note(fault) }
    }

    /// All trees as a transaction left them.
    ///
    /// - Parameter again: takes a newer snapshot. The header of the one before the newest may be
    ///   written over at any moment.
    func trees(
        of transaction: OpaquePointer, again: () throws(LMDBFault) -> Void
    ) throws(LMDBFault) -> TreeSnapshot {
        for _ in 0..<Self.snapshotTries {
            let number = mdb_txn_id(transaction)
            do throws(LMDBFault) {
                return try trees(writtenBy: number)
            } catch {
                try again()
                // Nobody has written since: it stays as it is.
                if mdb_txn_id(transaction) == number { throw error }
            }
        }
        return try trees(writtenBy: mdb_txn_id(transaction))
    }

    private static let snapshotTries = 20

    func trees(writtenBy transaction: Int) throws(LMDBFault) -> TreeSnapshot {
        try TreeSnapshot(file, UInt64(transaction), pageBytes: pageBytes)
    }

    func begin(flags: UInt32) throws(LMDBFault) -> OpaquePointer {
        var transaction: OpaquePointer?
        var code = mdb_txn_begin(environment, nil, flags, &transaction)
        if code == MDB_MAP_RESIZED, isReadOnly {
            // A daemon has made the file longer than what is mapped here.
            let (_, _, length) = try lengths()
            try check(mdb_env_set_mapsize(environment, length + Self.readerRoom))
            code = mdb_txn_begin(environment, nil, flags, &transaction)
        }
        try check(code)
        guard let transaction else { preconditionFailure("mdb_txn_begin returned no transaction") }
        return transaction
    }
}
