// Waits for work that the daemon does in the background, and draws how far it is. It must never
// stop that work.

import Foundation
import TOTPClient

struct JobProgress {
    private let name: String
    private static let pause: useconds_t = 200_000

    init(_ name: String) { self.name = name }

    private struct Stats: Decodable {
        struct Job: Decodable {
            let name: String
            let done: Int
            let total: Int
        }

        let jobs: [Job]
    }

    /// Returns once no job of this name is under way.
    func wait(_ client: TOTPClient) throws {
        var bar = ProgressBar(name)
        while true {
            let stats = try client.ask(Question("stats")).read(Stats.self)
            guard let job = stats.jobs.first(where: { $0.name == name }) else { break }
            bar.draw(job.done, of: job.total)
            usleep(Self.pause)
        }
        bar.end()
    }
}
