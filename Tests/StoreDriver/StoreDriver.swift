// A process whose only work is to write into a store, so that a test can end it anywhere and record
// every call it makes to the disk.
//
// Arguments: the state directory, the seed, how many batches, and what else to do meanwhile, if
// anything: the name of a `WorkloadUpkeep`. It says `opened N` when it finds N batches kept,
// `kept N` after each further one, and `closed` at the end.

import Glibc
import LMDBStore
import StoreWorkload

@main
struct StoreDriver {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard (4...5).contains(arguments.count), let seed = UInt64(arguments[2]),
            let count = Int(arguments[3])
        else { exit(EX_USAGE) }
        let upkeep = arguments.count == 5 ? WorkloadUpkeep(rawValue: arguments[4]) : nil
        let workload = Workload(seed: seed)
        let store: LMDBStore
        do {
            store = try Workload.open(arguments[1])
        } catch {
            say("refused: \(error)")
            exit(EX_CONFIG)
        }
        let first = try Workload.kept(in: store, atMost: count)
        say("opened \(first)")
        for number in first..<count {
            _ = try store.apply(workload.batch(number, in: store))
            say("kept \(number + 1)")
            try upkeep?.run(after: number, store, in: arguments[1])
        }
        let left = store.close()
        say(left.map { "left: \($0)" } ?? "closed")
    }

    /// At once, and in one call: what is buffered would be lost with the process.
    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        guard write(1, bytes, bytes.count) == bytes.count else { exit(EX_IOERR) }
    }
}
