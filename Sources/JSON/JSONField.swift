// One member of an object. Fields keep the order in which they were sent.

package struct JSONField: Equatable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}
