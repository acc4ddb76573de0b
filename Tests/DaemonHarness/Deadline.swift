// A moment by which something has to happen, on a clock that nobody sets, and the fault if it did
// not. Tests wait for something, and never for time to pass.

import Glibc

package struct Deadline: Sendable {
    private let moment: ContinuousClock.Instant

    /// Long enough for a busy machine, short enough for a person who waits for a failing test.
    package static var usual: Deadline { Deadline(seconds: 20) }

    package init(seconds: Double) {
        moment = .now + .milliseconds(Int(seconds * 1000))
    }

    private init(_ moment: ContinuousClock.Instant) { self.moment = moment }

    /// This one, or one so many seconds from now, if that is sooner.
    package func orSooner(seconds: Double) -> Deadline {
        Deadline(min(moment, Deadline(seconds: seconds).moment))
    }

    package var hasPassed: Bool { moment <= .now }

    /// As poll(2) takes it; never negative, which would be for ever.
    package var millisecondsLeft: Int32 {
        let left = ContinuousClock.now.duration(to: moment)
        let (seconds, attoseconds) = left.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return Int32(clamping: max(0, milliseconds + 1))
    }
}

/// Why a test could not go on.
package struct HarnessFault: Error, CustomStringConvertible, Sendable {
    package let description: String
    /// Of the system call that failed, if one did.
    package let errorNumber: Int32?

    package init(_ description: String, errorNumber: Int32? = nil) {
        self.description = description
        self.errorNumber = errorNumber
    }

    /// A system call's failure, with what errno(3) says.
    package static func call(_ name: String) -> HarnessFault {
        let number = errno
        let text = strerror(number).map { String(cString: $0) } ?? "?"
        return HarnessFault("\(name): \(text)", errorNumber: number)
    }
}
