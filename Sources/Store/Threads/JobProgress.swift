// How far a job has come, for whoever looks.

package struct JobProgress: Equatable, Sendable {
    package let name: String
    package let done: Int
    /// At least `done`: what was expected may have grown meanwhile.
    package let total: Int

    package init(name: String, done: Int, total: Int) {
        self.name = name
        self.done = done
        self.total = max(done, total)
    }
}
