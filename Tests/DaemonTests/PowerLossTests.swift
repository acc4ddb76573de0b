// Loss of power at any moment. From the trace of drivers that live and are killed it makes the
// disks that could be left. Each of them has to hold what was answered. TOTPD_ROUNDS says how many
// disks each run of drivers gives, TOTPD_TEST_SEED which.

import DaemonHarness
import Foundation
import Patience
import Scratch
import SeededRandom
import StoreWorkload
import Testing

@Suite("A loss of power", .serialized, .waits)
struct PowerLossTests {
    private static let runs = 4
    /// More than a first start takes.
    private static let callsToMake = 60

    @Test(
        "leaves what was answered, and nothing by half", arguments: [1, CrashSite.batchesAhead])
    func anywhere(ahead: Int) throws {
        var random = SeededGenerator.announced("power loss")
        let shim = try CrashSite.Shim()
        var (images, most) = (0, 0)
        for _ in 0..<Self.runs {
            let workload = Workload(seed: random.next())
            let verdict = try CrashVerdict(
                workload, batches: CrashPointTests.batches, ahead: ahead)
            let site = try CrashSite(shim, workload, isAhead: ahead > 1)
            // Later lives find what the page cache kept of earlier ones.
            for life in 0..<3 {
                // A store cut short while LMDB first makes it is refused from then on, rightly: it
                // cannot be told from one that was cut later. CrashPointTests stop there too.
                let first = life == 0 ? Self.callsToMake : 1
                try site.live(batches: CrashPointTests.batches, .drawn(first...200, &random))
            }
            try site.live(batches: CrashPointTests.batches)
            let calls = try site.trace().calls
            let cuts = (0..<Rounds.number(30, proof: 400)).map { _ in
                Int.random(in: 0...calls.count, using: &random)
            }
            var disk = SimulatedDisk()
            var word = DriverWord()
            for (heard, call) in calls.enumerated() {
                for _ in cuts.filter({ $0 == heard }) {
                    let loss = SimulatedDisk.Loss.allCases.randomElement(using: &random)
                    let image = try DiskImage(disk.after(loss ?? .nothingLost, &random))
                    let fault = verdict.fault(of: image.state, after: word)
                    #expect(fault == nil, "seed \(workload.seed), call \(heard), \(loss as Any)")
                    images += 1
                }
                if case .reply(let line) = call { try word.hear(line) } else { disk.hear(call) }
                most = max(most, disk.flushesUnderWay)
            }
        }
        print("power loss: \(images) disks, up to \(most) flushes under way")
        // One more may have been begun by a driver that was killed.
        #expect(ahead == 1 || most > 2)
        #expect(images > 0)
    }

    /// With the first seed the lap was full to its last sector, and so the next lap's flush left
    /// the last frame of this one in the page cache: the log had a hole after the loss of power.
    private static let seeds: [UInt64?] = [14_047_213_786_704_738_259, nil]

    @Test(
        "takes nothing that a start found in the page cache alone, once it was spoken of",
        arguments: seeds)
    func afterKill(_ seed: UInt64?) throws {
        var random =
            seed.map { SeededGenerator(seed: $0) } ?? .announced("power loss after a kill")
        let shim = try CrashSite.Shim()
        let workload = Workload(seed: random.next())
        let verdict = try CrashVerdict(workload, batches: CrashPointTests.batches)
        let whole = try CrashSite(shim, workload)
        try whole.live(batches: CrashPointTests.batches)
        let calls = try whole.trace().calls
        var images = 0
        for (number, call) in calls.enumerated() {
            guard case .beginFlush = call else { continue }
            let site = try CrashSite(shim, workload)
            try site.live(batches: CrashPointTests.batches, .init(number + 1, .before))
            let before = site.word
            try site.live(batches: CrashPointTests.batches, .init(65, .after))
            guard site.word != before else { continue }
            var disk = SimulatedDisk()
            var word = DriverWord()
            for (heard, call) in try site.trace().calls.enumerated() {
                if case .reply(let line) = call { try word.hear(line) } else { disk.hear(call) }
                guard heard >= number, call.isReply else { continue }
                let image = try DiskImage(disk.after(.everythingLost, &random))
                let fault = verdict.fault(of: image.state, after: word)
                #expect(fault == nil, "seed \(workload.seed), killed at \(number), lost \(heard)")
                images += 1
                break
            }
        }
        print("power loss after a kill: \(images) disks")
        #expect(images > 0)
    }
}

/// The files that a disk was left with, in a state directory of their own.
private struct DiskImage {
    private let directory: TemporaryDirectory
    let state: String

    init(_ files: [DiskTrace.File: [UInt8]]) throws {
        directory = try TemporaryDirectory(isInMemory: true)
        state = directory.path(of: "state")
        guard mkdir(state, 0o700) == 0 else { throw HarnessFault.call("mkdir") }
        for (file, bytes) in files {
            try Data(bytes).write(to: URL(filePath: "\(state)/\(file.name)"))
        }
    }
}
