// What a program says of the commit that it was built from. That the build writes it, and that the
// installed programs say it, Tests/Package looks at.

import Testing

@testable import Release

@Suite("A release")
struct ReleaseTests {
    private static let commit = [UInt8](0..<20)
    private static let digits = "000102030405060708090a0b0c0d0e0f10111213"

    @Test("says the commit of its build id, and whether there were changes")
    func commits() {
        let mark = Array("totpd".utf8)
        #expect(Release.commit(inBuildID: mark + [0] + Self.commit) == Self.digits)
        #expect(
            Release.commit(inBuildID: mark + [1] + Self.commit) == Self.digits + " and changes")
    }

    @Test("says none where the build id is not one that it writes")
    func others() {
        let mark = Array("totpd".utf8)
        for id in [
            [], Self.commit, mark + [2] + Self.commit, mark + [0] + Self.commit.dropLast(),
            mark + [0] + Self.commit + [0], mark,
        ] {
            #expect(Release.commit(inBuildID: id) == nil, "\(id)")
        }
    }

    @Test("finds the build id among the notes of a program", arguments: [4, 8])
    func notes(alignment: Int) {
        func padded(_ bytes: [UInt8]) -> [UInt8] {
            bytes + [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment)
        }
        func note(_ type: UInt8, _ name: String, _ content: [UInt8]) -> [UInt8] {
            let head = [
                UInt8(name.utf8.count), 0, 0, 0, UInt8(content.count), 0, 0, 0, type, 0, 0, 0,
            ]
            return padded(padded(head + Array(name.utf8)) + content)
        }
        func id(_ notes: [UInt8]) -> [UInt8]? {
            notes.withUnsafeBytes { BuildID.id(inNotes: $0, alignment: alignment) }
        }
        let other = note(5, "GNU\0", [9, 9, 9, 9, 9]) + note(3, "Go\0\0", [8])
        #expect(id(other + note(3, "GNU\0", Self.commit)) == Self.commit)
        #expect(id(other) == nil)
        #expect(id(note(3, "GNU\0", Self.commit).dropLast(12)) == nil)
        #expect(id([]) == nil)
    }

    @Test("reads the notes of the program that runs")
    func program() {
        // The linker gives every program of a test a hash.
        #expect(BuildID.ofThisProgram.count >= 8)
    }
}
