// How long each thread of a process has run, and how long it was ready to run and had no processor
// (sched_info: "run_delay"). So that a thread which nobody woke can be told from one which was
// starved.

import Foundation

package struct RunDelays: Sendable {
    /// Since the thread began.
    package struct Times: Equatable, Sendable {
        package let name: String
        package let ran: Duration
        package let waited: Duration

        package init(name: String, ran: Duration, waited: Duration) {
            (self.name, self.ran, self.waited) = (name, ran, waited)
        }

        /// - Parameter schedstat: nanoseconds on a processor, nanoseconds on a run queue, and how
        ///   often it was given one (Documentation/scheduler/sched-stats.rst). Nil for other texts.
        package init?(name: String, schedstat: String) {
            let numbers = schedstat.split(whereSeparator: \.isWhitespace).map { Int64($0) }
            guard numbers.count == 3, let ran = numbers[0], let waited = numbers[1] else {
                return nil
            }
            self.init(name: name, ran: .nanoseconds(ran), waited: .nanoseconds(waited))
        }
    }

    private let threads: [String: Times]

    package init(_ threads: [String: Times]) { self.threads = threads }

    /// Of all threads that a process has now; of none when it is gone.
    package init(of pid: pid_t) {
        let tasks = "/proc/\(pid)/task"
        var threads: [String: Times] = [:]
        for thread in Self.names(in: tasks) {
            let name = Self.text("\(tasks)/\(thread)/comm")
            let schedstat = Self.text("\(tasks)/\(thread)/schedstat")
            threads[thread] = Times(name: name, schedstat: schedstat)
        }
        self.threads = threads
    }

    private static func names(in directory: String) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            return []
        }
    }

    private static func text(_ path: String) -> String {
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    /// What each thread did since an earlier look, those first that waited longest, and what to
    /// make of it.
    package func report(since earlier: RunDelays, over time: Duration) -> String {
        guard !threads.isEmpty else { return "the process is gone" }
        let spent = threads.map { id, now in
            let before = earlier.threads[id]
            return Times(
                name: now.name, ran: now.ran - (before?.ran ?? .zero),
                waited: now.waited - (before?.waited ?? .zero))
        }
        let busiest = spent.sorted { ($0.waited, $0.ran) > ($1.waited, $1.ran) }
        let rows = busiest.prefix(8).map {
            "\($0.name) ran \($0.ran.inSeconds) and waited \($0.waited.inSeconds) for a processor"
        }
        return "in \(time.inSeconds), \(Self.verdict(spent, time)): " + rows.joined(separator: "; ")
    }

    /// Half of the time without a processor is starvation. Where nobody wanted one, somebody was
    /// not woken: a fault of ours, however busy the machine.
    private static func verdict(_ spent: [Times], _ time: Duration) -> String {
        if spent.contains(where: { $0.waited > time / 2 }) { return "starved" }
        let wanted = spent.map { $0.ran + $0.waited }.max() ?? .zero
        return wanted < time / 20 ? "all asleep" : "running"
    }
}

/// The threads of a process from a moment on.
package struct ProcessorWatch: Sendable {
    private let pid: pid_t
    private let begin = ContinuousClock.now
    private let before: RunDelays

    package init(of pid: pid_t) {
        self.pid = pid
        before = RunDelays(of: pid)
    }

    package func report() -> String {
        RunDelays(of: pid).report(since: before, over: begin.duration(to: .now))
    }
}

extension Duration {
    /// With one digit behind the point.
    fileprivate var inSeconds: String {
        let tenths = components.seconds * 10 + components.attoseconds / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
