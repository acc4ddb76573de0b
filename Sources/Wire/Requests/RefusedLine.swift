// A line that is no request, with the `id` to answer it by, where one could be read.

import Accounts
import JSON

package struct RefusedLine: Error, Sendable {
    package let id: JSONValue?
    package let refusal: Refusal

    package static let tooLong = RefusedLine(
        id: nil,
        refusal: Refusal(
            .tooLong, detail: "a line has at most \(Request.lineBytesMax) bytes"))

    /// A request cut short might mean something else than it says: it is never carried out.
    package static let cut = RefusedLine(
        id: nil, refusal: Refusal(.badRequest, detail: "the last line does not end with LF"))
}
