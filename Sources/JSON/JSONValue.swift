// What a JSON text says, as values. There are no fractions, so that a number is exactly the number
// that was sent.

/// One JSON value. `==` on strings is Swift's, under which composed and decomposed "é" are equal:
/// whoever derives a key from a string must use its UTF-8 bytes.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case string(String)
    case array([JSONValue])
    case object([JSONField])
}
