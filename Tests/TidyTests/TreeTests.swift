// The house rules, run over every file of the project and over texts that break them.

import Testing

@Suite("House rules")
struct TreeTests {
    @Test("hold in the whole tree", arguments: Rule.all)
    func holds(_ rule: Rule) {
        let violations = SourceTree.files.flatMap(rule.check)
        let report = violations.map(\.description).joined(separator: "\n")
        #expect(violations.isEmpty, "\(rule.name):\n\(report)")
    }

    @Test("fire when they are broken", arguments: Rule.all)
    func fires(_ rule: Rule) {
        #expect(!rule.broken.isEmpty)
        for file in rule.broken {
            #expect(!rule.check(file).isEmpty, "silent on \(file.path): \(file.lines)")
        }
    }

    @Test("stay silent when they are kept", arguments: Rule.all)
    func staysSilent(_ rule: Rule) {
        for file in rule.kept {
            #expect(rule.check(file) == [], "fires on \(file.path): \(file.lines)")
        }
    }

    @Test("see the files they are about")
    func sees() {
        let paths = Set(SourceTree.files.map(\.path))
        #expect(paths.contains("Package.swift"))
        #expect(paths.contains("Tests/TidyTests/TreeTests.swift"))
        #expect(paths.contains("Sources/COpenSSL/module.modulemap"))
        #expect(!paths.contains { $0.hasPrefix(".build") || $0.hasPrefix(".git/") })
    }
}
