// A state directory, the drivers that live and die in it one after the other, and the trace of all
// their calls. It ends with the test.

import DaemonHarness
import Foundation
import Scratch
import SeededRandom
import StoreWorkload

final class CrashSite {
    /// Where and how a driver ends.
    struct Kill: CustomStringConvertible {
        enum Manner {
            case before
            case after
            /// After so many bytes of a write.
            case within(Int)
        }

        let call: Int
        let manner: Manner

        init(_ call: Int, _ manner: Manner) {
            (self.call, self.manner) = (call, manner)
        }

        var how: String {
            switch manner {
            case .before: return "before"
            case .after: return "after"
            case .within(let bytes): return String(bytes)
            }
        }

        var description: String { "call \(call), \(how)" }

        /// Writes are cut at sectors and elsewhere.
        static func drawn(
            _ calls: ClosedRange<Int>, _ random: inout SeededGenerator
        ) -> Kill {
            let call = Int.random(in: calls, using: &random)
            let sectors = Int.random(in: 0..<8, using: &random)
            let manners: [Manner] = [
                .before, .after, .within(512 * sectors),
                .within(512 * sectors + Int.random(in: 1..<512, using: &random)),
            ]
            return Kill(call, manners.randomElement(using: &random) ?? .before)
        }
    }

    /// The compiled shim, made once for all sites of a test.
    struct Shim {
        fileprivate let directory: TemporaryDirectory
        fileprivate let path: String

        init() throws {
            directory = try TemporaryDirectory()
            path = try Preload.library(DiskShim.source, in: directory)
        }
    }

    /// What `StoreDriver` has under way at a time, when it goes ahead.
    static let batchesAhead = 6

    private let directory: TemporaryDirectory
    private let shim: Shim
    private let workload: Workload
    /// What the drivers do beside their batches.
    private let upkeep: WorkloadUpkeep?
    /// Whether batches go through the lane, several at a time, over a disk that flushes slowly.
    private let isAhead: Bool
    /// What a real machine would have after the last kill -9.
    let state: String
    private(set) var word = DriverWord()

    init(
        _ shim: Shim, _ workload: Workload, _ upkeep: WorkloadUpkeep? = nil, isAhead: Bool = false
    ) throws {
        directory = try TemporaryDirectory(isInMemory: true)
        (self.shim, self.workload, self.upkeep) = (shim, workload, upkeep)
        self.isAhead = isAhead
        state = directory.path(of: "state")
    }

    func trace() throws -> DiskTrace { try DiskTrace(path: directory.path(of: "trace")) }

    /// Runs a driver on what the one before it left, to its end or to its death.
    @discardableResult
    func live(batches: Int, _ kill: Kill? = nil) throws -> Child.Ending {
        var variables = [
            "LD_PRELOAD": shim.path, "DISK_STATE": state,
            "DISK_TRACE": directory.path(of: "trace"),
        ]
        if isAhead { variables["FLUSH_TIME"] = "5000" }
        if let kill {
            variables["DISK_KILL_AT"] = String(kill.call)
            variables["DISK_KILL_HOW"] = kill.how
        }
        let driver = try Child(
            Program.path("StoreDriver"),
            [state, String(workload.seed), String(batches)]
                + (upkeep.map { [$0.rawValue] } ?? []) + (isAhead ? ["ahead"] : []),
            environment: Program.environment(variables))
        let ending = try driver.wait()
        // A word without its line end was cut off with its speaker.
        let said = driver.printed.split(separator: "\n", omittingEmptySubsequences: false)
        for line in said.dropLast() { try word.hear(String(line)) }
        let wasKilled = kill != nil && ending == .signalled(SIGKILL)
        guard ending == .exited(0) || wasKilled else {
            throw HarnessFault("the driver: \(ending), \(driver.complaints)")
        }
        return ending
    }
}
