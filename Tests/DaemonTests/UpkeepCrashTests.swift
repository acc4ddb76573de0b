// kill -9 at calls to the disk that are drawn, while record keys are changed, events trimmed that
// are old or too many, or a backup is made: what was answered holds, and what was under way comes
// to its end.
// TOTPD_ROUNDS says how often, TOTPD_TEST_SEED where.

import DaemonHarness
import Foundation
import LMDBStore
import Patience
import SeededRandom
import Store
import StoreWorkload
import Testing

@Suite("kill -9 during upkeep", .serialized, .waits)
struct UpkeepCrashTests {
    private static let batches = 30
    /// More calls than one life makes are drawn seldom: a kill that comes too late proves nothing.
    private static let calls = 20...400

    @Test("leaves a sound store, from which it goes on", arguments: WorkloadUpkeep.allCases)
    func anywhere(_ upkeep: WorkloadUpkeep) throws {
        var random = SeededGenerator.announced("kill -9 during \(upkeep)")
        let shim = try CrashSite.Shim()
        let rounds = Rounds.number(12, proof: 200)
        let workloads = (0..<4).map { _ in Workload(seed: random.next()) }
        let verdicts = try workloads.map {
            try CrashVerdict($0, batches: Self.batches, mayTrim: upkeep.removesEvents)
        }
        var killed = 0
        for round in 0..<rounds {
            let workload = workloads[round % workloads.count]
            let site = try CrashSite(shim, workload, upkeep)
            let kill = CrashSite.Kill.drawn(Self.calls, &random)
            let ending = try site.live(batches: Self.batches, kill)
            if ending == .signalled(SIGKILL) { killed += 1 }
            let what = "seed \(workload.seed), \(kill)"
            if upkeep == .backup { try proveBackups(in: site.state, what) }
            let fault = verdicts[round % workloads.count].fault(of: site.state, after: site.word)
            #expect(fault == nil, "\(what)")
            if upkeep == .rotation { try proveEnd(site.state, what) }
        }
        print("kill -9 during \(upkeep): \(rounds) states after \(killed) kills")
        // Few rounds may be unlucky; none that is killed proves nothing.
        #expect(killed > rounds / 8)
    }

    /// A change of keys that was cut short ends, and needs nothing of the old key then.
    private func proveEnd(_ state: String, _ what: String) throws {
        guard FileManager.default.fileExists(atPath: state + "/data.mdb") else { return }
        let store = try Workload.open(state)
        defer { store.close() }
        try eventually("the end of a change of keys") { store.rotation == nil }
        #expect(store.keyIDs.records.count == 1, "\(what)")
        #expect(try store.check().problems == [], "\(what)")
    }

    /// Between fork(2) and execve(2) the child of another test holds a copy of the restore's lock.
    private func patientlyOpened(_ path: String) throws -> LMDBStore {
        try found("the lock of the restored store") {
            do {
                return try Workload.open(path)
            } catch OpeningRefusal.directory(_, .inUse) {
                return nil
            }
        }
    }

    /// A backup that has its name is whole, and is of its moment.
    private func proveBackups(in state: String, _ what: String) throws {
        for number in 0..<Self.batches {
            let path = WorkloadUpkeep.backup(after: number, in: state)
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let reader = try LMDBStoreReader(path: path, ring: Workload.ring)
            let report = try reader.check()
            reader.close()
            #expect(report.problems == [], "\(what)")
            let restored = path + "-restored"
            _ = try Restore(
                of: path, into: restored, ring: Workload.ring, at: Workload.now(number),
                by: Peer(uid: getuid(), pid: getpid()), voidsBackupCodes: false
            ).run(Job("restore"))
            let store = try patientlyOpened(restored)
            #expect(try Workload.kept(in: store, atMost: Self.batches) == number + 1, "\(what)")
            store.close()
        }
    }
}
