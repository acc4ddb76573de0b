// Some long work, and how far it is.

package struct JobRow: Equatable, Sendable {
    package let name: String
    package let done: Int
    package let total: Int

    package init(name: String, done: Int, total: Int) {
        (self.name, self.done, self.total) = (name, done, total)
    }
}
