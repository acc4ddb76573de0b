// Waits for work that the daemon does in the background, and draws how far it is. The work goes on
// when this is interrupted.

import Glibc
import TOTPClient

struct JobProgress {
    private let name: String
    private static let pause: useconds_t = 200_000
    /// Answers in a row without figures, each of which took the daemon 2 s: then it hangs.
    private static let refusalsMax = 15

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
        defer { bar.end() }
        var refusals = 0
        while true {
            do {
                let stats = try client.ask(AdminQuery("stats")).read(Stats.self)
                guard let job = stats.jobs.first(where: { $0.name == name }) else { return }
                bar.draw(job.done, of: job.total)
                refusals = 0
            } catch let refusal as RefusedAnswer {
                refusals += 1
                guard refusal.name == "unavailable", refusals < Self.refusalsMax else {
                    throw refusal
                }
            }
            usleep(Self.pause)
        }
    }
}
