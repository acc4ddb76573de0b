// A snapshot of the store, made while it runs: a directory of its own, without a log. Any thread
// may call it. The copy is marked as a copy, so that no daemon starts from it.

import Accounts
import Glibc
import Secrets
import Store

extension CopyFault {
    init(_ error: any Error) {
        switch error {
        case let fault as CopyFault: self = fault
        case let fault as NewPathFault: self = .path(fault)
        case is CancellationError: self = .stopped
        case let fault as LMDBFault: self = .failed(fault.text)
        case let fault as LogFault: self = .failed(fault.text)
        case let refusal as LogRefusal: self = .failed(refusal.text)
        default: self = .failed("\(error)")
        }
    }
}

extension LMDBStore {
    /// The files of a state directory that a copy consists of, or LMDB leaves beside it.
    static let copiedFiles = ["data.mdb", "lock.mdb"]

    /// Copies all that was answered so far into a new directory.
    ///
    /// The snapshot that is copied keeps LMDB from using its pages again meanwhile: the store grows
    /// by what is folded in that time.
    package func backup(to target: NewPath, _ job: Job) throws(CopyFault) -> BackupReport {
        do {
            try target.makeDirectory(without: Self.copiedFiles)
        } catch {
            throw .path(error)
        }
        do {
            let count = try copy(to: target.draft, job)
            unlink(target.draft + "/lock.mdb")
            let bytes = try Self.size(of: target.draft + "/data.mdb")
            try target.publish()
            return BackupReport(accounts: count.accounts, events: count.events, bytes: bytes)
        } catch {
            let fault = Self.noRoom(error, in: target.draft).map { .path($0) } ?? CopyFault(error)
            target.discardDirectory(of: Self.copiedFiles)
            throw fault
        }
    }

    /// That there is no room for the copy, when that is what an error says. LMDB says EIO when a
    /// write was cut short, as the last one before ENOSPC often is.
    private static func noRoom(_ error: any Error, in directory: String) -> NewPathFault? {
        guard let code = (error as? LMDBFault)?.code else { return nil }
        switch code {
        case ENOSPC, EDQUOT, EFBIG: return .failed(call: "write", errno: code)
        case EIO:
            var info = statvfs()
            // What LMDB writes in one go is up to 64 pages.
            guard statvfs(directory, &info) == 0, info.f_bavail < 64 else { return nil }
            return .failed(call: "write", errno: ENOSPC)
        default: return nil  // Another fault, which `CopyFault` names.
        }
    }

    package func forEachAccount(
        of app: AppName, _ job: Job, _ body: (Account?) throws(CopyFault) -> Void
    ) throws(CopyFault) {
        do {
            try StoreView.read(directory.path, environment, tables, keys.ring, isOwn: true) {
                try AccountsOfApp(app: app, view: $0, job: job).forEach($1, body)
            }
        } catch {
            throw CopyFault(error)
        }
    }

    private func copy(to draft: String, _ job: Job) throws -> StoreCopy.Count {
        let ring = keys.ring
        return try StoreView.read(
            directory.path, environment, tables, ring, isOwn: true
        ) { view, transaction in
            let writer = try StoreWriter(
                directory: draft, mapBytes: StoreWriter.mapBytes(for: view, in: environment),
                seal: view.contents.seal)
            defer { writer.close() }
            let copy = StoreCopy(view: view, job: job)
            let count = try copy.run(transaction, to: writer) { _, _, _ in nil }
            guard let master = ring.key(view.contents.master) else {
                preconditionFailure("it has just unwrapped the data keys")
            }
            var contents = copy.contents
            contents.isCopy = true
            try writer.finish(contents, wrappedBy: master)
            return count
        }
    }

    private static func size(of path: String) throws(CopyFault) -> Int {
        var info = stat()
        guard stat(path, &info) == 0 else { throw .failed("stat: \(errorText(errno))") }
        return Int(info.st_size)
    }
}
