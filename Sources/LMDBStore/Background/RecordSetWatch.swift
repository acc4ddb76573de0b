// Looks once after a start, beside the answering, whether LMDB's records are those that were
// written last. Somebody may have put one back to what it was while totpd was away.

import Secrets
import Store

final class RecordSetWatch: Sendable {
    private struct State {
        var finding: RecordSetScan.Finding?
        var tell: (@Sendable () -> Void)?
    }

    private let environment: LMDBEnvironment
    private let tables: Tables
    private let keys: StoreKeys
    private let job = Job("records")
    private let state = Locked(State())

    init(_ environment: LMDBEnvironment, _ tables: Tables, _ keys: StoreKeys) {
        (self.environment, self.tables, self.keys) = (environment, tables, keys)
    }

    /// Nil while it has not looked.
    var finding: RecordSetScan.Finding? { state.withLock { $0.finding } }

    /// Has `body` called once, if records are older than they were: on a thread of the store's, or
    /// at once.
    func whenOlder(_ body: @escaping @Sendable () -> Void) {
        let isOlder = state.withLock { state in
            state.tell = body
            return state.finding == .older
        }
        if isOlder { body() }
    }

    /// A look that is under way ends.
    func stop() { job.cancel() }

    /// Looks, unless it has.
    func step() throws {
        guard finding == nil else { return }
        let found: RecordSetScan.Finding
        do {
            found = try environment.read { transaction in
                guard let contents = try Meta.load(transaction, tables, keys.ring) else {
                    throw OpeningRefusal.keysGone
                }
                return try RecordSetScan.finding(contents, transaction, tables, job)
            }
        } catch is CancellationError {
            return
        }
        let tell = state.withLock { state in
            state.finding = found
            return found == .older ? state.tell : nil
        }
        tell?()
    }
}
