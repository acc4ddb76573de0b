// A disk that loses power. For each sector it knows what is surely there and what may be, and draws
// what is left. It allows whatever a real disk may do, down to sectors in any order.

import SeededRandom

struct SimulatedDisk {
    /// What becomes of what was not flushed.
    enum Loss: CaseIterable {
        case everythingLost
        case nothingLost
        /// All there but parts of the last write.
        case lastWriteTorn
        /// Each sector by itself: any of its contents since the last flush.
        case sectorsAtRandom
        /// In the order of writing, up to some point.
        case inOrder
    }

    private var files: [DiskTrace.File: SimulatedFile] = [:]
    private var writes = 0
    /// The last write before each flush that is under way, and the names before each of the
    /// directory's.
    private var begun: [Int: (file: DiskTrace.File, write: Int)] = [:]
    private var named: [Int: [DiskTrace.File]] = [:]

    /// Of the log's files.
    private(set) var flushesUnderWay = 0

    mutating func hear(_ call: DiskTrace.Call) {
        switch call {
        case .open(let file): files[file, default: SimulatedFile()].isNamed = true
        case .beginFlush(.directory, let number):
            named[number] = DiskTrace.File.kept.filter { files[$0]?.isNamed == true }
        case .endFlush(.directory, let number):
            for file in named.removeValue(forKey: number) ?? [] {
                files[file]?.isNameDurable = true
            }
        case .beginFlush(let file, let number):
            begun[number] = (file, writes)
            flushesUnderWay = begun.values.count { $0.file != .data }
        case .endFlush(let file, let number):
            guard let last = begun.removeValue(forKey: number) else { break }
            files[file]?.flush(upTo: last.write)
        case .truncate(let file, let size):
            writes += 1
            files[file]?.resize(to: size, writes)
        case .write(let file, let offset, let bytes, let isDurable):
            writes += 1
            files[file]?.write(bytes, at: offset, writes, isDurable: isDurable)
        case .reply, .other: break
        }
    }

    /// What would be in each file's place after a loss of power now; files that are not there are
    /// left out.
    func after(
        _ loss: Loss, _ random: inout SeededGenerator
    ) -> [DiskTrace.File: [UInt8]] {
        var left: [DiskTrace.File: [UInt8]] = [:]
        for name in DiskTrace.File.kept {
            guard let file = files[name], file.isNamed else { continue }
            let isNamed: Bool
            switch loss {
            case .everythingLost: isNamed = file.isNameDurable
            case .nothingLost, .lastWriteTorn: isNamed = true
            case .sectorsAtRandom, .inOrder:
                isNamed = file.isNameDurable || Bool.random(using: &random)
            }
            if isNamed { left[name] = file.after(loss, writes, &random) }
        }
        return left
    }
}
