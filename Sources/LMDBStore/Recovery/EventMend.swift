// Mends the last page of the events, where that is damaged, before anything has to be put behind
// it. Nobody's login needs the events of the past.

import Accounts
import Glibc
import Store

struct EventMend {
    let environment: LMDBEnvironment
    let tables: Tables
    let seal: RecordSeal

    /// Returns what was lost; nil where the page is sound, as a rule. Throws what cannot be mended.
    @discardableResult
    func run(at now: Instant) throws -> LostEvents? {
        guard var damage = try environment.read({ try Self.damage($0) }) else { return nil }
        environment.note(damage)
        // As long as totpd serves, there is a copy.
        if try environment.restorePages() {
            guard let still = try environment.read({ try Self.damage($0) }) else { return nil }
            damage = still
        }
        let (head, tail) = try environment.read { transaction in
            guard let head = try Meta.head(transaction, tables, seal) else {
                throw OpeningRefusal.canary
            }
            return (head, try Meta.tail(transaction, tables, seal) ?? .empty)
        }
        let gaps = try environment.writePast { trees throws(LMDBFault) in
            try EventLeafMend(
                trees: trees, seal: seal, tail: tail, head: head, now: now,
                peer: Peer(uid: geteuid(), pid: getpid())
            ).run()
        }
        return LostEvents(page: damage.damage?.page ?? 0, gaps: gaps)
    }

    /// What is wrong with the last page, or on the way there.
    private static func damage(_ transaction: borrowing Transaction) throws -> LMDBFault? {
        guard let tree = transaction.trees[.events] else { return nil }
        do throws(LMDBFault) {
            guard let leaf = try tree.path(to: nil).last?.page else { return nil }
            // Which is the last depends on its length too: of another length it is none.
            guard try leaf.node(leaf.count - 1).keyBytes == Table.events.keyBytes else {
                return .damaged(leaf.number, "its last key is none", in: .events)
            }
            return nil
        } catch {
            guard error.damage != nil else { throw error }
            return error
        }
    }
}
