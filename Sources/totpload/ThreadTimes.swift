// The processor time of each thread of another process, by the thread's name, and over all that
// have it (proc(5), task/TID/schedstat). It changes nothing there.

import Glibc

struct ThreadTimes {
    /// More than a name or three numbers have.
    private static let bytesMax = 128
    private var nanoseconds: [String: UInt64] = [:]

    /// Of a process as it is now. A thread that ends meanwhile is left out.
    init(of process: Int32) throws(LoadError) {
        let path = "/proc/\(process)/task"
        guard let tasks = opendir(path) else {
            throw .callFailed(call: "opendir \(path)", code: errno)
        }
        defer { closedir(tasks) }
        while let entry = readdir(tasks) {
            let task = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let name = Self.line("\(path)/\(task)/comm"),
                let used = Self.line("\(path)/\(task)/schedstat")?.split(separator: " ").first
                    .flatMap({ UInt64($0) })
            else { continue }
            nanoseconds[name, default: 0] += used
        }
    }

    private static func line(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        let count = read(file, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Microseconds for each of so many requests since then, the busiest thread first. Threads that
    /// did nothing are left out.
    func microseconds(since before: ThreadTimes, requests: Int) -> [(name: String, each: Double)] {
        nanoseconds.compactMap { name, now in
            let used = now - min(now, before.nanoseconds[name] ?? 0)
            return used == 0 ? nil : (name, Double(used) / 1e3 / Double(max(1, requests)))
        }.sorted { $0.each > $1.each }
    }
}
