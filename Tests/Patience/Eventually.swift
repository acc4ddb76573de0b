// Waits until another thread or process has done something, and never for time to pass. A wait that
// gives up says whether the others had a processor meanwhile.

import Glibc

/// How long a test waits for anything: enough for a sanitizer on a busy machine.
package let patience = Duration.seconds(60)

/// What a test waited for in vain, and what the threads of the other side did meanwhile.
package struct Impatience: Error, CustomStringConvertible, Sendable {
    package let description: String

    package init(description: String) { self.description = description }
}

/// Looks again until `condition` holds.
///
/// - Parameter pid: the process that brings it about; the test's own when nothing else is said.
/// - Throws: `Impatience`, when it does not hold in time; whatever `condition` throws.
package func eventually(
    _ what: String, by pid: pid_t = getpid(), within time: Duration = patience,
    _ condition: () throws -> Bool
) throws {
    let end = ContinuousClock.now + time
    // What comes soon is seen soon; whoever waits for longer leaves the processor to the others.
    for _ in 0..<100 {
        if try condition() { return }
        sched_yield()
    }
    let watch = ProcessorWatch(of: pid)
    while try !condition() {
        guard ContinuousClock.now < end else {
            throw Impatience(description: "never came about: \(what); \(watch.report())")
        }
        nap()
    }
}

/// Looks again until `find` returns something, and returns that; see `eventually`.
package func found<Value>(
    _ what: String, by pid: pid_t = getpid(), _ find: () throws -> Value?
) throws -> Value {
    var value: Value?
    try eventually(what, by: pid) {
        value = try find()
        return value != nil
    }
    guard let value else { throw Impatience(description: "never came about: \(what)") }
    return value
}

/// Between two looks: a millisecond in which somebody else may run.
private func nap() {
    poll(nil, 0, 1)
}
