// What was found wrong so far; a class, because all sections of a file add to one.

final class ConfigurationFaults {
    private(set) var all: [ConfigurationFault] = []

    func add(_ line: Int?, _ reason: String) {
        all.append(ConfigurationFault(line: line, reason: reason))
    }
}
