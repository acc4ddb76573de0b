// What a store's processes did to the disk, call by call, and which replies had been given at each
// point. A test compares what follows from it with the real files.

import DaemonHarness
import Foundation

struct DiskTrace {
    enum File: UInt8, CaseIterable {
        case log0 = 1
        case log1 = 2
        case data = 3
        /// The state directory itself: flushing it makes names durable.
        case directory = 4

        static let kept: [File] = [.log0, .log1, .data]

        var name: String {
            switch self {
            case .log0: return "log.0"
            case .log1: return "log.1"
            case .data: return "data.mdb"
            case .directory: return "."
            }
        }
    }

    enum Call {
        case write(File, offset: Int, bytes: ArraySlice<UInt8>, isDurable: Bool)
        case truncate(File, size: Int)
        /// A flush makes durable what was written before it began, and no later than it ends.
        case beginFlush(File, number: Int)
        case endFlush(File, number: Int)
        case open(File)
        case reply(String)
        /// One that leaves nothing to be lost.
        case other

        var isReply: Bool {
            if case .reply = self { true } else { false }
        }

        var isWrite: Bool {
            if case .write = self { true } else { false }
        }
    }

    let calls: [Call]

    init(path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        var calls: [Call] = []
        var start = 0
        while start < bytes.count {
            guard bytes.count - start >= Self.headerBytes else { throw HarnessFault("cut trace") }
            let length = Int(Self.number(bytes[(start + 4)..<(start + 8)]))
            let offset = Int(Self.number(bytes[(start + 8)..<(start + 16)]))
            let end = start + Self.headerBytes + length
            let text = bytes[(start + Self.headerBytes)..<end]
            calls.append(Self.call(bytes[start...], offset, text))
            start = end
        }
        self.calls = calls
    }

    private static let headerBytes = 16
    private static let reply: UInt8 = 7

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func call(
        _ header: ArraySlice<UInt8>, _ offset: Int, _ bytes: ArraySlice<UInt8>
    ) -> Call {
        let (kind, number) = (header[header.startIndex], header[header.startIndex + 1])
        if number == reply {
            // A line without its end was cut off with its speaker.
            let isWhole = bytes.last == UInt8(ascii: "\n")
            return isWhole ? .reply(String(decoding: bytes, as: UTF8.self)) : .other
        }
        guard let file = File(rawValue: number) else { return .other }
        switch kind {
        case UInt8(ascii: "W"):
            let isDurable = header[header.startIndex + 2] == 1
            return .write(file, offset: offset, bytes: bytes, isDurable: isDurable)
        case UInt8(ascii: "T"): return .truncate(file, size: offset)
        case UInt8(ascii: "B"): return .beginFlush(file, number: offset)
        case UInt8(ascii: "F"): return .endFlush(file, number: offset)
        case UInt8(ascii: "O"): return .open(file)
        default: return .other
        }
    }
}

/// What a driver has said so far.
struct DriverWord: Equatable {
    /// Batches that it said were kept, or that it found kept; nil before it said anything.
    var kept: Int?
    var isClosed = false

    mutating func hear(_ line: String) throws {
        let words = line.split(whereSeparator: \.isWhitespace)
        switch words.first {
        case "opened", "kept":
            guard let number = words.last.flatMap({ Int($0) }) else { throw HarnessFault(line) }
            kept = number
            isClosed = false
        case "closed": isClosed = true
        default: throw HarnessFault("the driver says: \(line)")
        }
    }
}
