// A process whose only work is to write into a store, so that a test can end it anywhere and record
// every call it makes to the disk.
//
// Arguments: the state directory, the seed, how many batches, and what else to do meanwhile, if
// anything: the name of a `WorkloadUpkeep`, or `ahead` for batches that go through the lane,
// several at a time. It says `opened N` when it finds N batches kept, `kept N` after each further
// one, and `closed` at the end.

import Dispatch
import Glibc
import LMDBStore
import Store
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
        if arguments.last == "ahead" { goAhead(store, workload, first..<count) }
        for number in first..<count where arguments.last != "ahead" {
            _ = try store.apply(workload.batch(number, in: store))
            say("kept \(number + 1)")
            try upkeep?.run(after: number, store, in: arguments[1])
        }
        let left = store.close()
        say(left.map { "left: \($0)" } ?? "closed")
    }

    /// As many batches are under way at a time at most.
    private static let batchesAhead = 6

    /// Has the lane decide all batches. Says that one was kept when it is told so.
    private static func goAhead(_ store: LMDBStore, _ workload: Workload, _ numbers: Range<Int>) {
        let room = DispatchSemaphore(value: batchesAhead)
        let lane = WriterLane(
            store: store, deliver: { $0.tell() },
            failed: { fault in
                say("left: \(fault)")
                exit(EX_IOERR)
            })
        for number in numbers {
            room.wait()
            let changes = workload.batch(number, in: store)
            var batch = WriterLane.Turns()
            for (index, change) in changes.enumerated() {
                guard case .account(let change) = change else {
                    preconditionFailure("the workload is of accounts")
                }
                let isLast = index == changes.count - 1
                let submission = Submission.account(change) { result in
                    guard isLast, case .success = result else { return }
                    say("kept \(number + 1)")
                    room.signal()
                }
                batch.append(submission, of: .house)
            }
            guard lane.submit(&batch) else { return }
        }
        lane.stop()
    }

    /// At once, and in one call: what is buffered would be lost with the process.
    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        guard write(1, bytes, bytes.count) == bytes.count else { exit(EX_IOERR) }
    }
}
