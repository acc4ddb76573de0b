// What Package.swift says about the floors: each module, its floor, and what it may import.
// It reads the text, so it knows only the way our own manifest is written.

struct Manifest: Sendable {
    struct Module: Equatable, Sendable {
        let name: String
        let floor: Int
        let dependencies: Set<String>
    }

    let modules: [String: Module]

    init(_ text: String) {
        let products = Self.products(in: text)
        let call = /\b(?:library|floor|program)\(\s*"(\w+)"(?:,\s*\[([^\]]*)\])?/
        var modules: [String: Module] = [:]
        for section in text.split(separator: /\/\/ Floor (?=[0-9])/).dropFirst() {
            let floor = Int(section.prefix { $0.isNumber }) ?? 0
            for match in section.matches(of: call) {
                let name = String(match.output.1)
                let names = (match.output.2 ?? "").split(separator: ",").compactMap { item in
                    let word = item.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
                    return word.hasPrefix("\"")
                        ? String(word.dropFirst().dropLast()) : products[String(word)]
                }
                modules[name] = Module(name: name, floor: floor, dependencies: Set(names))
            }
        }
        self.modules = modules
    }

    /// `nioCore` stands for `NIOCore`: our manifest gives foreign products a short name.
    private static func products(in text: String) -> [String: String] {
        var products: [String: String] = [:]
        for match in text.matches(of: /let (\w+) = Target.Dependency.product\(\s*name: "(\w+)"/) {
            products[String(match.output.1)] = String(match.output.2)
        }
        return products
    }
}
