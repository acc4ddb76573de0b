// A reason not to start, in words for the operator.

struct StartFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
