// Which files may hold the master keys.

import Foundation
import Testing

@testable import Secrets

@Suite struct KeyFileTests {
    static let line = MasterKey.generate().line + "\n"

    @Test("only its owner may read it", arguments: [0o600, 0o400, 0o700, 0o500])
    func closed(_ mode: Int) throws {
        let folder = try Folder()
        let path = try folder.file(Self.line, mode: mode)
        #expect(try KeyFile.read(path).keys.count == 1)
        #expect(try KeyFile.read(path, isCredential: true).keys.count == 1)
    }

    @Test("one bit more is refused", arguments: [0o001, 0o002, 0o004, 0o010, 0o020])
    func oneBitMore(_ bit: Int) throws {
        let folder = try Folder()
        let path = try folder.file(Self.line, mode: 0o600 | bit)
        let fault = KeyFileFault.exposed(mode: UInt32(0o600 | bit))
        #expect(throws: fault) { try KeyFile.read(path) }
        #expect(fault.description.contains(String(0o600 | bit, radix: 8)))
        #expect(throws: fault) { try KeyFile.read(path, isCredential: true) }
    }

    @Test("a group of our own may read it, and no other", arguments: [0o440, 0o640, 0o040])
    func group(_ mode: Int) throws {
        let folder = try Folder()
        let path = try folder.file(Self.line, mode: mode)
        try check(chown(path, geteuid(), getegid()))
        #expect(try KeyFile.read(path).keys.count == 1)
        guard geteuid() == 0 else { return }
        try check(chown(path, 0, 12_345))
        let fault = KeyFileFault.foreignGroup(gid: 12_345, mode: UInt32(mode))
        #expect(throws: fault) { try KeyFile.read(path) }
        // systemd's access control list shows as that bit.
        #expect(try KeyFile.read(path, isCredential: true).keys.count == 1)
    }

    @Test(arguments: [false, true]) func readableByAll(_ isCredential: Bool) throws {
        let path = try Folder().file(Self.line, mode: 0o644)
        #expect(throws: KeyFileFault.self) {
            try KeyFile.read(path, isCredential: isCredential)
        }
    }

    @Test func aCredentialAsSystemdLaysItDown() throws {
        let folder = try Folder()
        let path = try folder.file(Self.line, mode: 0o440)
        #expect(try KeyFile.read(path, isCredential: true).keys.count == 1)
    }

    @Test("a link is what it leads to", arguments: [false, true])
    func links(_ isCredential: Bool) throws {
        let folder = try Folder()
        let link = folder.path + "/link"
        let again = folder.path + "/again"
        try check(symlink(folder.path + "/1", link))
        try check(symlink("link", again))
        #expect(throws: KeyFileFault.linkToNothing) {
            try KeyFile.read(link, isCredential: isCredential)
        }
        let path = try folder.file(Self.line, mode: 0o600)
        #expect(try KeyFile.read(again, isCredential: isCredential).keys.count == 1)
        try check(chmod(path, 0o604))
        #expect(throws: KeyFileFault.exposed(mode: 0o604)) {
            try KeyFile.read(again, isCredential: isCredential)
        }
        try check(unlink(path))
        try check(symlink("again", path))
        #expect(throws: KeyFileFault.unreadable(errno: ELOOP)) {
            try KeyFile.read(again, isCredential: isCredential)
        }
    }

    @Test("what is handed over on a descriptor is a pipe, or a file like any other")
    func handedOver() throws {
        var ends: [Int32] = [0, 0]
        try check(pipe(&ends))
        defer { close(ends[0]) }
        let bytes = Array(Self.line.utf8)
        #expect(write(ends[1], bytes, bytes.count) == bytes.count)
        close(ends[1])
        #expect(try KeyFile.read(from: ends[0]).keys.count == 1)

        let folder = try Folder()
        for (mode, isTaken) in [(0o600, true), (0o604, false)] {
            let file = open(try folder.file(Self.line, mode: mode), O_RDONLY)
            defer { close(file) }
            if isTaken {
                #expect(try KeyFile.read(from: file).keys.count == 1)
            } else {
                #expect(throws: KeyFileFault.exposed(mode: 0o604)) {
                    try KeyFile.read(from: file)
                }
            }
        }
        let device = open("/dev/null", O_RDONLY)
        defer { close(device) }
        #expect(throws: KeyFileFault.notHandedOver(.device)) { try KeyFile.read(from: device) }
    }

    @Test(
        "a line that is no key says why",
        arguments: [
            ("\u{feff}", "", "byte order mark"), ("", "\r", "carriage return"),
            (" ", "", "blanks"), ("", " ", "blanks"), ("", "\t", "blanks"),
            ("x", "", "systemd-creds"), ("", "0", "hexadecimal digits"),
        ])
    func mistakes(_ before: String, _ behind: String, _ word: String) throws {
        let text = before + MasterKey.generate().line + behind + "\n"
        let folder = try Folder()
        let path = try folder.file(text, mode: 0o600)
        let fault = #expect(throws: KeyFileFault.self) { try KeyFile.read(path) }
        #expect(fault?.description.contains(word) == true, "\(fault?.description ?? "")")
    }

    @Test("a pipe nobody writes to is refused at once", .timeLimit(.minutes(1)))
    func noWriter() throws {
        let folder = try Folder()
        let path = folder.path + "/pipe"
        try check(mkfifo(path, 0o600))
        #expect(throws: KeyFileFault.notAFile(.pipe)) { try KeyFile.read(path) }
        #expect(KeyFileFault.notAFile(.pipe).description.contains("--keys -"))
    }

    @Test func otherThanFiles() throws {
        let folder = try Folder()
        #expect(throws: KeyFileFault.notAFile(.directory)) { try KeyFile.read(folder.path) }
        #expect(throws: KeyFileFault.notAFile(.device)) { try KeyFile.read("/dev/null") }
        let missing = KeyFileFault.unreadable(errno: ENOENT)
        #expect(throws: missing) { try KeyFile.read(folder.path + "/none") }
        #expect(missing.description.lowercased().contains("no such file"))
    }

    @Test("it belongs to us or to root", .enabled(if: geteuid() == 0, "only root gives files away"))
    func foreignOwner() throws {
        let folder = try Folder()
        let path = try folder.file(Self.line, mode: 0o600)
        try check(chown(path, 65_534, 0))
        #expect(throws: KeyFileFault.foreignOwner(uid: 65_534)) { try KeyFile.read(path) }
        #expect(throws: KeyFileFault.foreignOwner(uid: 65_534)) {
            try KeyFile.read(path, isCredential: true)
        }
    }

    @Test("one below, at and above the limit of its size")
    func size() throws {
        let folder = try Folder()
        for (count, isAllowed) in [(65_535, true), (65_536, true), (65_537, false)] {
            let padding = "#" + String(repeating: "x", count: count - 1 - Self.line.utf8.count)
            let path = try folder.file(Self.line + padding, mode: 0o600)
            if isAllowed {
                #expect(try KeyFile.read(path).keys.count == 1)
            } else {
                #expect(throws: KeyFileFault.tooLarge) { try KeyFile.read(path) }
            }
        }
        let large = try folder.file(String(repeating: "#", count: 1_000_000), mode: 0o600)
        #expect(throws: KeyFileFault.tooLarge) { try KeyFile.read(large) }
    }

    @Test func contentsAreParsed() throws {
        let folder = try Folder()
        #expect(throws: KeyFileFault.noKey) {
            try KeyFile.read(try folder.file("", mode: 0o600))
        }
        let fault = #expect(throws: KeyFileFault.self) {
            try KeyFile.read(try folder.file(Self.line + "rubbish\n", mode: 0o600))
        }
        #expect(fault?.description.hasPrefix("line 2: ") == true)
        #expect(fault?.description.contains("rubbish") == false)
    }
}

/// A folder that goes with its owner.
private final class Folder {
    let path: String
    private var count = 0

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/keys-\(UUID().uuidString)"
        try check(mkdir(path, 0o700))
    }

    deinit {
        // The folder may be gone already; there is nothing to be done about it here.
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ text: String, mode: Int) throws -> String {
        count += 1
        let path = self.path + "/\(count)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try check(chmod(path, mode_t(mode)))
        return path
    }
}

private func check(_ status: Int32) throws {
    guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
