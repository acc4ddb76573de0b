// One file of a disk that may lose power: what it surely holds, and what each of its sectors may
// hold since the last flush.

import SeededRandom

struct SimulatedFile {
    private static let sectorBytes = 512

    var isNamed = false
    var isNameDurable = false
    /// As processes see it.
    private var now: [UInt8] = []
    private var durable: [UInt8] = []
    /// What each sector has been since the last flush, oldest first, and by which write.
    private var contents: [Int: [(write: Int, bytes: ArraySlice<UInt8>)]] = [:]
    private var sizes: [(write: Int, size: Int)] = []

    /// Makes durable what was written up to a write; what came later may be there as well, or not.
    mutating func flush(upTo last: Int) {
        if let size = sizes.last(where: { $0.write <= last })?.size {
            durable = Array(durable.prefix(size))
            durable += [UInt8](repeating: 0, count: size - durable.count)
            sizes.removeAll { $0.write <= last }
        }
        for (sector, all) in contents {
            guard let content = all.last(where: { $0.write <= last }) else { continue }
            put(content.bytes, inSector: sector)
            let later = all.filter { $0.write > last }
            contents[sector] = later.isEmpty ? nil : later
        }
    }

    private mutating func put(_ content: ArraySlice<UInt8>, inSector sector: Int) {
        let start = sector * Self.sectorBytes
        if durable.count < start + content.count {
            durable += [UInt8](repeating: 0, count: start + content.count - durable.count)
        }
        durable.replaceSubrange(start..<(start + content.count), with: content)
    }

    mutating func resize(to size: Int, _ write: Int) {
        guard size != now.count else { return }
        now = Array(now.prefix(size)) + [UInt8](repeating: 0, count: max(0, size - now.count))
        sizes.append((write, size))
    }

    mutating func write(
        _ bytes: ArraySlice<UInt8>, at offset: Int, _ write: Int, isDurable: Bool
    ) {
        guard !bytes.isEmpty else { return }
        if offset + bytes.count > now.count { resize(to: offset + bytes.count, write) }
        now.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        let first = offset / Self.sectorBytes
        let last = (offset + bytes.count - 1) / Self.sectorBytes
        for sector in first...last {
            let start = sector * Self.sectorBytes
            let content = now[start..<min(start + Self.sectorBytes, now.count)]
            if isDurable {
                contents[sector] = nil
                put(content, inSector: sector)
            } else {
                contents[sector, default: []].append((write, Array(content)[...]))
            }
        }
    }

    func after(
        _ loss: SimulatedDisk.Loss, _ writes: Int, _ random: inout SeededGenerator
    ) -> [UInt8] {
        // Writes up to this one are there.
        let limit: Int
        switch loss {
        case .everythingLost: return durable
        case .nothingLost: return now
        case .lastWriteTorn: limit = writes - 1
        case .sectorsAtRandom: limit = 0
        case .inOrder:
            let numbers = contents.values.flatMap { $0.map(\.write) } + [0]
            limit = numbers.randomElement(using: &random) ?? 0
        }
        let mayTear = loss == .sectorsAtRandom || loss == .lastWriteTorn
        func isThere(_ write: Int) -> Bool {
            write <= limit || mayTear && Bool.random(using: &random)
        }
        let size = max(durable.count, sizes.last { isThere($0.write) }?.size ?? 0)
        var left = Array(durable.prefix(size))
        left += [UInt8](repeating: 0, count: size - left.count)
        for sector in contents.keys.sorted() {
            guard let content = contents[sector]?.last(where: { isThere($0.write) }) else {
                continue
            }
            let start = sector * Self.sectorBytes
            guard start < size else { continue }
            let end = min(start + content.bytes.count, size)
            left.replaceSubrange(start..<end, with: content.bytes.prefix(end - start))
        }
        return left
    }
}
