// The environment as a value, read once at the start.

import FoundationEssentials

struct ProcessEnvironment {
    let variables: [String: String]

    static var current: ProcessEnvironment {
        ProcessEnvironment(variables: ProcessInfo.processInfo.environment)
    }
}
