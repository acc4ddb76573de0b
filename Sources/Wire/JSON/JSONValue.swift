// What a JSON text says, as values: the form in which a request leaves the reader. It must never
// hold what strict JSON cannot say; in particular there are no fractions, so that a number is
// always exactly the number that was sent.

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

/// One member of an object. Fields keep the order in which they were sent.
package struct JSONField: Equatable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}
