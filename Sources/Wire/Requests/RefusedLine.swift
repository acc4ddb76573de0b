// A line that is no request, with the `id` to answer it by, where one could be read.

import Accounts
import JSON

package struct RefusedLine: Error, Sendable {
    package let id: JSONValue?
    package let refusal: Refusal
}
