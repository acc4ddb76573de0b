// Why what a program printed was not written.

import Glibc

package struct OutputFault: Error, CustomStringConvertible {
    private let number: Int32?

    /// - Parameter number: errno; nil when something else has set it since.
    package init(_ number: Int32?) { self.number = number }

    package var description: String {
        let why = number.map { ": " + String(cString: strerror($0)) } ?? ""
        return "the output could not be written" + why
    }
}
