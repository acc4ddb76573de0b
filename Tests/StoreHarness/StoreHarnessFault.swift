// What a test of stores could not go on after, in words.

package struct StoreHarnessFault: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// The value, which is there unless the test itself is wrong.
func require<Value>(_ value: Value?, _ what: String) throws -> Value {
    guard let value else { throw StoreHarnessFault("the test gives what is not \(what)") }
    return value
}
