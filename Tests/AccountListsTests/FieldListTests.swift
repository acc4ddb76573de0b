// Lists as people have brought them, in Tests/Lists, each with its right result beside it. Every
// row of an input has to be in the result, so that none is lost without a word.

import Foundation
import Testing

@testable import AccountLists

@Suite("Lists from the field")
struct FieldListTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Lists")

    private static let names: [String] = {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { !$0.hasSuffix(".expected") && $0 != "README.md" }.sorted()
        } catch {
            return []
        }
    }()

    @Test("all of them are there")
    func complete() { #expect(Self.names.count >= 37) }

    @Test("comes in as it says, row by row, or is refused", arguments: names)
    func expected(_ name: String) throws {
        let file = Self.folder.appending(path: name)
        let rows = try Rows.of(bytes: Array(Data(contentsOf: file)))
        let expected = Self.folder.appending(path: name + ".expected")
        if ProcessInfo.processInfo.environment["TOTPD_WRITE_LISTS"] != nil,
            !FileManager.default.fileExists(atPath: expected.path)
        {
            try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: expected)
        }
        let right = try String(contentsOf: expected, encoding: .utf8)
        #expect(rows == right.split(separator: "\n").map(String.init))
    }

    @Test("nothing that could be a secret is shown of a row, or file, that is refused")
    func silent() throws {
        for name in Self.names {
            let rows = try Rows.of(
                bytes: Array(Data(contentsOf: Self.folder.appending(path: name))))
            for row in rows where row.contains("wrong: ") || row.hasPrefix("refused: ") {
                #expect(!row.contains(/[A-Z2-7]{16}|[0-9a-f]{16}|[a-z2-7]{20}/), "\(name): \(row)")
            }
        }
    }
}
