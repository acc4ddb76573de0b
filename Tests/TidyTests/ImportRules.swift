// A module imports its declared floors, a few modules of the toolchain, and nothing else.

enum Floors {
    /// Each C library has one Swift module that imports it.
    static let soleImporters = [
        "COpenSSL": "Secrets", "CLMDB": "LMDBStore", "CQREncode": "QRCode",
        "CZlib": "QRCode", "CExpat": "AccountLists", "CPostgres": "PostgresStore",
    ]

    /// What Foundation's essential part has is for the edges: the server, the client and the
    /// programs. All of Foundation is for no module: it brings 45 MB of program, ICU among them.
    static let foundationFloor = 6

    /// The functional core has no clock, no randomness and no IO, so it cannot have these.
    static func toolchain(for module: Manifest.Module) -> Set<String> {
        if module.name == "Accounts" { return [] }
        let basic: Set<String> = ["Glibc", "Synchronization"]
        return module.floor < foundationFloor
            ? basic
            : basic.union(["FoundationEssentials", "Dispatch"])
    }
}

extension Rule {
    static let imports = imports(SourceTree.manifest)

    static func imports(_ manifest: Manifest) -> Rule {
        Rule(
            name: "imports keep to the floors",
            broken: [
                SourceFile("Sources/Accounts/Verify.swift", "import Foundation"),
                SourceFile("Sources/Accounts/Verify.swift", "import Glibc"),
                SourceFile("Sources/Accounts/Verify.swift", "#if os(Linux)\n    import NIOCore"),
                SourceFile("Sources/Wire/Reply.swift", "@preconcurrency package import Store"),
                SourceFile("Sources/Wire/Reply.swift", "import FoundationEssentials"),
                SourceFile("Sources/totpctl/Table.swift", "import Foundation"),
                SourceFile("Sources/Store/Change.swift", "import struct COpenSSL.evp_md_st"),
                SourceFile("Sources/Server/Server.swift", "import CLMDB"),
                SourceFile("Sources/Server/Server.swift", "import Testing"),
                SourceFile("Sources/Nowhere/Server.swift", "import Glibc"),
            ],
            kept: [
                SourceFile("Sources/Accounts/Verify.swift", "import OneTimeCodes // not NIOCore"),
                SourceFile("Sources/Secrets/HMAC.swift", "internal import COpenSSL\nimport Glibc"),
                SourceFile(
                    "Sources/Server/Server.swift", "import FoundationEssentials\nimport NIOCore"),
                SourceFile("Tests/WireTests/ReplyTests.swift", "import Testing"),
            ],
            check: { $0.foreignImports(manifest) })
    }
}

extension SourceFile {
    /// The first part of what a line imports: `NIOCore` for `import struct NIOCore.ByteBuffer`.
    static func imported(by line: Substring) -> Substring? {
        guard line.contains("import"), !line.contains("canImport") else { return nil }
        let words = Word.all(in: line)
        guard let keyword = words.firstIndex(where: { $0.text == "import" && $0.before != "." })
        else { return nil }
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "typealias", "func", "var", "let", "actor",
        ]
        return words[(keyword + 1)...].first { !kinds.contains($0.text) }?.text
    }

    fileprivate func foreignImports(_ manifest: Manifest) -> [Violation] {
        guard isSwift, let name = module else { return [] }
        guard let module = manifest.modules[name] else {
            return [violation(at: 0, "\(name) is no module of Package.swift")]
        }
        let allowed = module.dependencies.union(Floors.toolchain(for: module))
        return code.indices.compactMap { index in
            guard let imported = Self.imported(by: code[index]).map(String.init) else { return nil }
            if let importer = Floors.soleImporters[imported], importer != name {
                return violation(at: index, "only \(importer) imports \(imported)")
            }
            return allowed.contains(imported)
                ? nil : violation(at: index, "\(name) may not import \(imported)")
        }
    }
}
