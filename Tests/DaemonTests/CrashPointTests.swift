// kill -9 at every call to the disk: while a store is made, opened again, written, folded, made
// longer and closed. TOTPD_ROUNDS says how many ends are drawn beside those of start-ups, and
// TOTPD_TEST_SEED which.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import StoreWorkload
import Testing

@Suite("kill -9 at any call to the disk", .serialized, .waits)
struct CrashPointTests {
    static let batches = 40

    private let shim: CrashSite.Shim

    init() throws { shim = try CrashSite.Shim() }

    @Test("is heard of by the shim, all of it")
    func complete() throws {
        var random = SeededGenerator.announced("a whole trace")
        let site = try CrashSite(shim, Workload(seed: random.next()))
        try site.live(batches: Self.batches)
        try site.live(batches: 2 * Self.batches)
        #expect(site.word == DriverWord(kept: 2 * Self.batches, isClosed: true))
        var disk = SimulatedDisk()
        let calls = try site.trace().calls
        for call in calls { disk.hear(call) }
        let files = disk.after(.nothingLost, &random)
        for file in DiskTrace.File.kept {
            let real = try Data(contentsOf: URL(filePath: "\(site.state)/\(file.name)"))
            #expect(files[file].map { Data($0) } == real, "\(file.name)")
        }
        print("\(calls.count) calls in two lives of \(Self.batches) batches")
    }

    @Test("while a store is made, and while one is opened after a crash: at each of its calls")
    func startUp() throws {
        var random = SeededGenerator.announced("kill -9 at start-up")
        let workload = Workload(seed: random.next())
        let verdict = try CrashVerdict(workload, batches: Self.batches)
        // No life before this one, or one that was cut off in the midst of work.
        for earlier in [[], [180], [200]].map({ $0.map { CrashSite.Kill($0, .after) } }) {
            let undisturbed = try CrashSite(shim, workload)
            for kill in earlier { try undisturbed.live(batches: Self.batches, kill) }
            let before = earlier.isEmpty ? 0 : try undisturbed.trace().calls.count
            try undisturbed.live(batches: Self.batches)
            let calls = try undisturbed.trace().calls[before...].prefix { !$0.isReply }
            for (index, call) in calls.enumerated() {
                let manners: [CrashSite.Kill.Manner] =
                    [.before, .after] + (call.isWrite ? [.within(512), .within(700)] : [])
                for kill in manners.map({ CrashSite.Kill(index + 1, $0) }) {
                    let site = try CrashSite(shim, workload)
                    for kill in earlier { try site.live(batches: Self.batches, kill) }
                    try site.live(batches: Self.batches, kill)
                    let fault = verdict.fault(of: site.state, after: site.word)
                    #expect(fault == nil, "seed \(workload.seed), \(earlier + [kill])")
                }
            }
            print("kill -9 at start-up: \(calls.count) calls after \(earlier)")
        }
    }

    @Test("while it works, up to three times in a row: at calls that are drawn")
    func anywhere() throws {
        var random = SeededGenerator.announced("kill -9 anywhere")
        let rounds = Rounds.number(16, proof: 400)
        var killed = 0
        for _ in 0..<rounds {
            let workload = Workload(seed: UInt64.random(in: 0..<4, using: &random))
            let verdict = try CrashVerdict(workload, batches: Self.batches)
            let site = try CrashSite(shim, workload)
            var kills: [CrashSite.Kill] = []
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                kills.append(.drawn(1...300, &random))
                let ending = try site.live(batches: Self.batches, kills.last)
                if ending == .signalled(SIGKILL) { killed += 1 }
                // Cut off while it was made, a store may open no more, and has no second life.
                if site.word.kept == nil { break }
            }
            let fault = verdict.fault(of: site.state, after: site.word)
            #expect(fault == nil, "seed \(workload.seed), kills \(kills)")
        }
        print("kill -9 anywhere: \(rounds) states after \(killed) kills")
        #expect(killed > rounds / 4)
    }
}
