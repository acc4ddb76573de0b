// The requests as a file, for other generators. It holds codes that are good for a minute, so only
// its owner can read it, and it replaces no file.

import Glibc

enum LinesFile {
    static func write(_ population: Population, _ plan: Plan, to path: String) throws(LoadError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor != -1 else { throw .callFailed(call: "open \(path)", code: errno) }
        defer { close(descriptor) }
        for run in plan.rounds.joined() {
            let lines = VerifyWorkload(population, places: run.places).lines
            var rest = lines.bytes(of: 0..<lines.count)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                guard count != -1 || errno == EINTR else {
                    throw .callFailed(call: "write \(path)", code: errno)
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[max(0, count)...])
            }
            // The lines lie in memory that goes with their owner.
            withExtendedLifetime(lines) {}
        }
    }
}
