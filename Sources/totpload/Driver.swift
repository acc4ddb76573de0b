// Sends a workload over many connections from one thread, and measures. It keeps each connection's
// pipeline full and never more than full; a reply it cannot place ends the run.

import Histogram
import TOTPClient

struct Driver<Work: Workload>: ~Copyable {
    /// The server may stop for a flush or a fold, but not for this long.
    private static var stallSeconds: Int { 30 }

    private var work: Work
    private let shape: Shape
    private let connections: [Connection]
    private let poller: Poller
    private var next = 0
    private var result = RunResult()

    init(_ work: Work, path: String, shape: Shape) throws {
        self.work = work
        self.shape = shape
        // More would never get a request.
        connections = try (0..<min(shape.connections, work.lines.count)).map { _ in
            try Connection(path: path, pipeline: shape.pipeline)
        }
        poller = Poller(connections.map(\.descriptor))
    }

    consuming func run() throws -> RunResult { try runAndKeep().0 }

    /// The workload as well, with what it has learnt.
    consuming func runAndKeep() throws -> (RunResult, Work) {
        let total = work.lines.count
        let began = Clocks.monotonicNanoseconds()
        do {
            try exchange(total)
        } catch ClientError.closedByServer {
            throw LoadError.connectionClosed(
                replies: result.replies, requests: total, unexpected: result.shown.first)
        }
        result.nanoseconds = Clocks.monotonicNanoseconds() - began
        return (result, work)
    }

    private mutating func exchange(_ total: Int) throws {
        for index in connections.indices { try feed(index) }
        while result.replies < total {
            let ready = try poller.wait(milliseconds: Int32(Self.stallSeconds * 1_000))
            guard ready > 0 else {
                throw LoadError.stalled(
                    seconds: Self.stallSeconds, replies: result.replies, requests: total)
            }
            for index in connections.indices where poller.isReady(index) {
                try drain(connections[index])
                try feed(index)
            }
        }
    }

    /// Takes up as many lines as the pipeline has room for.
    private mutating func feed(_ index: Int) throws {
        let connection = connections[index]
        if connection.unsent.isEmpty {
            let count = min(shape.pipeline - connection.inFlight, work.lines.count - next)
            guard count > 0 else { return }
            work.prepare(upTo: next + count)
            let lines = next..<next + count
            connection.enqueue(
                work.lines.bytes(of: lines), lines: lines, at: Clocks.monotonicNanoseconds())
            next += count
        }
        let isAllWritten = try connection.flush()
        poller.watch(index, forRoom: !isAllWritten)
    }

    /// Reads once: the poller tells again when there is more.
    private mutating func drain(_ connection: Connection) throws {
        guard let count = try connection.fill() else { return }
        guard count > 0 else { throw ClientError.closedByServer }
        let now = Clocks.monotonicNanoseconds()
        let fits = try connection.takeLines { reply throws(LoadError) in
            guard let sent = connection.answered() else {
                throw .surplusReply(text: RunResult.shown(reply))
            }
            result.count(latency: now - sent.at)
            if !work.check(reply, to: sent.line) { result.countUnexpected(reply) }
        }
        guard fits else { throw LoadError.replyTooLong(bytes: Connection.inputBytes) }
    }
}
