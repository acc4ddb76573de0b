// A place where a rule is broken, printed as compilers print theirs so that editors can jump to it.

struct Violation: Equatable, Sendable, CustomStringConvertible {
    let path: String
    let line: Int
    let what: String

    var description: String { "\(path):\(line): \(what)" }
}
