// Loss of power at any moment: from the trace of drivers that live and are killed, the disks that
// it could leave, each of which must hold what was answered. TOTPD_CRASH_ROUNDS says how many disks
// each run of drivers gives, TOTPD_TEST_SEED which.

import DaemonHarness
import Foundation
import SeededRandom
import StoreWorkload
import Testing

@Suite("A loss of power", .serialized)
struct PowerLossTests {
    private static let runs = 4

    @Test("leaves what was answered, and nothing by half")
    func anywhere() throws {
        var random = SeededGenerator.announced("power loss")
        let shim = try CrashSite.Shim()
        var images = 0
        for _ in 0..<Self.runs {
            let workload = Workload(seed: random.next())
            let verdict = try CrashVerdict(workload, batches: CrashPointTests.batches)
            let site = try CrashSite(shim, workload)
            // Later lives find what the page cache kept of earlier ones.
            for _ in 0..<3 {
                try site.live(batches: CrashPointTests.batches, .drawn(1...200, &random))
            }
            try site.live(batches: CrashPointTests.batches)
            let calls = try site.trace().calls
            let cuts = (0..<CrashPointTests.rounds(80)).map { _ in
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
            }
        }
        print("power loss: \(images) disks")
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
