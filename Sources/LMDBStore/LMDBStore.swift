// The engine on LMDB: sealed records, one transaction and one commit for each batch. It must never
// return before what it kept would survive power loss, nor keep a part of a batch.

import Accounts
import CLMDB
import Glibc
import Secrets
import Store

/// Why a store does not open. Each is a reason not to start, and a sentence for the operator.
package enum OpeningRefusal: Error, Sendable, CustomStringConvertible {
    case directory(String, StateDirectoryFault)
    case engine(String)
    case wrapping(WrappingFault)
    case canary
    case keysGone
    case noStore
    case unknownFormat(UInt8)

    package var description: String {
        switch self {
        case .directory(let path, let fault): return "state directory '\(path)': \(fault)"
        case .engine(let text): return "the store cannot be opened (\(text))"
        case .wrapping(let fault): return fault.description
        case .canary: return "the store's canary does not open under its keys; the store is damaged"
        case .keysGone:
            return "the store's key record is gone: nothing opens; hint: restore a backup"
        case .noStore: return "there is no store here yet"
        case .unknownFormat(let version):
            return "the store has format \(version), which this version of totpd does not know"
        }
    }
}

package final class LMDBStore: AccountStore, @unchecked Sendable {
    // Unchecked, because `head` is used by `apply` alone, which only the writer lane calls.
    private var head: EventHead
    private let environment: Environment
    private let directory: StateDirectory
    private let tables: Tables
    private let seal: RecordSeal

    /// Virtual address space, not disk: a full disk answers first (ENOSPC), as it should.
    package static let mapBytes = 256 << 30

    /// Opens the store in `path`, and makes it when there is none.
    package convenience init(
        path: String, ring: KeyRing, mapBytes: Int = LMDBStore.mapBytes
    ) throws(OpeningRefusal) {
        try self.init(path: path, ring: ring, mapBytes: mapBytes, isReadOnly: false)
    }

    /// Opens the store to look only, while a daemon may be serving from it.
    package convenience init(readOnly path: String, ring: KeyRing) throws(OpeningRefusal) {
        try self.init(path: path, ring: ring, mapBytes: Self.mapBytes, isReadOnly: true)
    }

    private init(
        path: String, ring: KeyRing, mapBytes: Int, isReadOnly: Bool
    ) throws(OpeningRefusal) {
        do {
            directory = try StateDirectory(path: path, isExclusive: !isReadOnly)
        } catch {
            throw .directory(path, error)
        }
        do {
            environment = try Environment(
                path: path, mapBytes: mapBytes, isReadOnly: isReadOnly)
        } catch {
            throw isReadOnly && error.code == ENOENT ? .noStore : .engine(error.text)
        }
        do {
            (tables, seal, head) = try Meta.open(environment, ring, isReadOnly: isReadOnly)
            if !isReadOnly { try directory.synchronize() }
        } catch {
            environment.close()
            switch error {
            case let refusal as OpeningRefusal: throw refusal
            case let fault as StateDirectoryFault: throw .directory(path, fault)
            case let fault as LMDBFault: throw .engine(fault.text)
            default: throw .engine("\(error)")
            }
        }
    }

    /// Closes the environment; the lane must have ended.
    package func close() {
        environment.close()
        directory.unlock()
    }

    package func id(of name: AccountName) -> AccountID {
        AccountID(name, indexKey: seal.keys.index)
    }

    package func hash(backupCode canonical: [UInt8], salt: [UInt8]) -> [UInt8] {
        canonical.withUnsafeBytes { seal.keys.hashBackupCode($0, salt: salt) }
    }

    package func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        do {
            let (results, newHead) = try environment.write { transaction in
                var batch = Batch(tables: tables, seal: seal, head: head)
                var results: [ChangeResult] = []
                results.reserveCapacity(changes.count)
                for change in changes {
                    results.append(try batch.apply(change, transaction))
                }
                try batch.finish(transaction)
                return ((results, batch.head), isCommitted: batch.hasWritten)
            }
            head = newHead
            return results
        } catch let fault as LMDBFault {
            throw fault.storeFault(isDiskFull: directory.isFull)
        } catch {
            preconditionFailure("only LMDB throws inside a batch, not \(type(of: error))")
        }
    }

    package func check() throws(StoreFault) -> CheckReport {
        do {
            return try environment.read { transaction in
                try StoreCheck(tables: tables, seal: seal).run(transaction)
            }
        } catch let fault as LMDBFault {
            throw fault.storeFault(isDiskFull: directory.isFull)
        } catch {
            throw .broken("\(error)")
        }
    }
}

/// The open databases.
struct Tables: Sendable {
    let factors: Database
    let guards: Database
    let events: Database
    let meta: Database

    init(_ transaction: borrowing Transaction, isCreated: Bool) throws(LMDBFault) {
        factors = try transaction.open(Table.factors.name, isCreated: isCreated)
        guards = try transaction.open(Table.guards.name, isCreated: isCreated)
        events = try transaction.open(Table.events.name, isCreated: isCreated)
        meta = try transaction.open(Table.meta.name, isCreated: isCreated)
    }
}
