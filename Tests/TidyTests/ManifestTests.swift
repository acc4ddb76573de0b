// Package.swift itself: the tests' reading of it, and that its floors go downwards only.

import Testing

@Suite("The manifest")
struct ManifestTests {
    private static let example = Manifest(
        """
        let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
            // Floor 0: C libraries.
            library("CLMDB", "lmdb", "liblmdb-dev"),
            // Floor 1
            floor("Secrets", []),
            // Floor 2
            floor(
                "Server",
                ["Secrets", nioCore]),
            program("totpd", ["Server", "Secrets"]),
        """)

    private static func upward(_ manifest: Manifest) -> [String] {
        manifest.modules.values.flatMap { module in
            module.dependencies.compactMap { manifest.modules[$0] }
                .filter { $0.floor >= module.floor }
                .map { "\(module.name) is not above \($0.name)" }
        }
    }

    @Test("is read with its floors, its products and its C libraries")
    func isRead() {
        let modules = Self.example.modules
        #expect(modules.count == 4)
        #expect(modules["CLMDB"] == .init(name: "CLMDB", floor: 0, dependencies: []))
        #expect(
            modules["Server"]
                == .init(name: "Server", floor: 2, dependencies: ["Secrets", "NIOCore"]))
    }

    @Test("lets each target depend only on floors below its own")
    func goesDown() {
        #expect(Self.upward(SourceTree.manifest) == [])
        #expect(Self.upward(Self.example) == ["totpd is not above Server"])
    }

    @Test("declares every module once a folder of Sources has code")
    func isComplete() {
        let folders = Set(SourceTree.files.filter { $0.isSource }.compactMap(\.module))
        #expect(folders.subtracting(SourceTree.manifest.modules.keys) == [])
        #expect(SourceTree.manifest.modules["Accounts"]?.floor == 3)
    }
}
