// What one run counted and measured. A run with an unexpected reply is not good.

import Histogram

struct RunResult {
    /// How many unexpected replies are kept to be shown.
    static let shownMax = 3
    private static let shownBytesMax = 200
    /// An hour; longer counts as an hour.
    private static let latencyMax: UInt64 = 3_600_000_000_000

    private(set) var replies = 0
    private(set) var unexpected = 0
    private(set) var shown: [String] = []
    var nanoseconds: UInt64 = 0
    /// In nanoseconds, to three digits.
    private var latencies = Histogram<UInt64>(
        highestTrackableValue: latencyMax, numberOfSignificantValueDigits: .three)

    mutating func count(latency: UInt64) {
        replies += 1
        latencies.record(min(latency, Self.latencyMax))
    }

    /// Keeps the first few: what came cannot be anything but a refusal, and holds no secret.
    mutating func countUnexpected(_ reply: UnsafeRawBufferPointer) {
        unexpected += 1
        if shown.count < Self.shownMax { shown.append(Self.shown(reply)) }
    }

    /// Cut short, and without anything that a terminal might obey.
    static func shown(_ reply: UnsafeRawBufferPointer) -> String {
        let plain = reply.prefix(shownBytesMax).map { byte in
            (0x20...0x7e).contains(byte) ? byte : UInt8(ascii: "?")
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// Adds a further part of the same work.
    mutating func add(_ other: RunResult) {
        replies += other.replies
        unexpected += other.unexpected
        nanoseconds += other.nanoseconds
        shown.append(contentsOf: other.shown.prefix(Self.shownMax - shown.count))
        latencies.add(other.latencies)
    }

    var seconds: Double { Double(nanoseconds) / 1e9 }
    var perSecond: Double { Double(replies) / max(seconds, 1e-9) }

    /// Microseconds that this share of the replies took at most.
    func microseconds(percentile: Double) -> Double {
        Double(latencies.valueAtPercentile(percentile)) / 1e3
    }
}

extension RunResult: CustomStringConvertible {
    var description: String {
        let times = [("p50", 50), ("p99", 99), ("p99.9", 99.9), ("max", 100)].map {
            "\($0) \(decimal(microseconds(percentile: $1), places: 0))"
        }
        return "\(replies) replies, \(unexpected) unexpected, \(decimal(seconds, places: 3)) s, "
            + "\(decimal(perSecond, places: 0))/s, \(times.joined(separator: ", ")) µs"
    }
}
