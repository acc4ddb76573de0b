// The way from a store under test to what lies of it on the disk.

import StoreHarness
import Testing

extension Subject {
    /// People whose code of a moment is used, in a store that is closed.
    static func used(_ count: Int) throws -> (Subject, [Person]) {
        let people = try (0..<count).map { try Person("person \($0)") }
        let subject = try Subject(.lmdb)
        try subject.ask(people.flatMap { [$0.enroll(), $0.confirm()] })
        try subject.ask(people.map { $0.verify(at: Clock.after(30)) })
        subject.close()
        return (subject, people)
    }

    /// Closes the store and lends what lies on the disk. A process may open LMDB's file only once.
    ///
    /// - Parameter isForged: see `Inside`. Where it is not, what is changed is bound as if totpd
    ///   had written it, so that a test meets the one thing that it is about.
    func inside<Result>(
        isForged: Bool = false, _ body: (Inside) throws -> Result
    ) throws -> Result {
        close()
        let inside = try Inside(path: path, ring: ring, isForged: isForged)
        defer { inside.close() }
        return try body(inside)
    }
}
