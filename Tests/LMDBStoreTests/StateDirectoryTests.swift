// The directory that holds the store: made for its owner alone, never reached through a link, and
// held by one writer. Every refusal says what is wrong and with which directory.

import Foundation
import LMDBStore
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

/// The user that owns nothing (Debian's `nobody`).
private let nobody: uid_t = 65_534

@Suite("A state directory")
struct StateDirectoryTests {
    private let ring = KeyRing(current: .generate())

    private func refusal(_ path: String, readOnly: Bool = false) -> String {
        Self.refusal(path, ring, readOnly: readOnly)
    }

    private static func refusal(
        _ path: String, _ ring: KeyRing, readOnly: Bool = false
    ) -> String {
        guard readOnly else { return OpeningRefusal.sentence(of: path, ring) }
        do throws(OpeningRefusal) {
            try LMDBStoreReader(path: path, ring: ring).close()
            return "none"
        } catch {
            return error.description
        }
    }

    @Test("is made with its files for the owner alone")
    func modes() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path(of: "state")
        #expect(refusal(path) == "none")
        try #expect(mode(of: path) == 0o700)
        for name in ["data.mdb", "lock.mdb", "totpd.lock"] {
            try #expect(mode(of: path + "/" + name) == 0o600, "\(name)")
        }
    }

    @Test("may be there already, empty and ours")
    func existing() throws {
        let directory = try TemporaryDirectory()
        #expect(refusal(directory.path) == "none")
    }

    @Test(
        "is refused when others may look into it",
        arguments: [0o755, 0o750, 0o701, 0o770] as [mode_t])
    func exposed(_ mode: mode_t) throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, mode)
        let text = String(mode, radix: 8)
        let sentence =
            "state directory '\(directory.path)': others may look into it (mode \(text)); "
            + "hint: chmod 700"
        #expect(refusal(directory.path) == sentence)
        #expect(refusal(directory.path, readOnly: true) == sentence)
        // Nothing was put there.
        try #expect(FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
        chmod(directory.path, 0o700)
        #expect(refusal(directory.path) == "none")
    }

    @Test("is refused when it is a link, even to a directory that would do")
    func link() throws {
        let directory = try TemporaryDirectory()
        let target = directory.path(of: "target")
        let link = directory.path(of: "link")
        #expect(mkdir(target, 0o700) == 0 && symlink(target, link) == 0)
        #expect(refusal(link).hasPrefix("state directory '\(link)': it cannot be opened ("))
        #expect(refusal(link, readOnly: true).hasPrefix("state directory '\(link)': it cannot"))
        try #expect(FileManager.default.contentsOfDirectory(atPath: target) == [])
    }

    @Test("is refused when its lock is a link")
    func lockLink() throws {
        let directory = try TemporaryDirectory()
        let target = directory.path(of: "target")
        #expect(symlink(target, directory.path(of: "totpd.lock")) == 0)
        #expect(refusal(directory.path).contains("it cannot be opened"))
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test("has a sentence when it is a file, or when its parent is missing or a file")
    func notThere() throws {
        let directory = try TemporaryDirectory()
        let file = directory.path(of: "file")
        try Data().write(to: URL(filePath: file))
        let begin = "state directory '"
        #expect(refusal(file) == "\(begin)\(file)': it cannot be opened (Not a directory)")
        #expect(
            refusal(file + "/state")
                == "\(begin)\(file)/state': it cannot be made (Not a directory)")
        let missing = directory.path(of: "missing/state")
        #expect(
            refusal(missing) == "\(begin)\(missing)': it cannot be made (No such file or directory)"
        )
        #expect(refusal(directory.path + "/none", readOnly: true).contains("it cannot be opened"))
    }

    @Test("has a sentence when its parent cannot be written")
    func unwritableParent() async throws {
        let directory = try TemporaryDirectory()
        #expect(chown(directory.path, geteuid() == 0 ? nobody : geteuid(), gid_t.max) == 0)
        #expect(chmod(directory.path, 0o500) == 0)
        let path = directory.path(of: "state")
        await #expect(processExitsWith: .success) { [path = path as String] in
            try Self.becomeNobody()
            let sentence = Self.refusal(path, KeyRing(current: .generate()))
            #expect(sentence == "state directory '\(path)': it cannot be made (Permission denied)")
        }
        #expect(chmod(directory.path, 0o700) == 0)
    }

    @Test("has a sentence when it belongs to someone else")
    func foreignOwner() async throws {
        await #expect(processExitsWith: .success) {
            try Self.becomeNobody()
            let sentence = Self.refusal("/", KeyRing(current: .generate()))
            #expect(
                sentence
                    == "state directory '/': it belongs to user 0, not to the one totpd runs as")
        }
    }

    /// In a process of its own: root may do what others may not.
    private static func becomeNobody() throws {
        guard geteuid() == 0 else { return }
        try #require(setuid(nobody) == 0)
    }

    @Test("without a store in it is none to look at")
    func noStore() throws {
        let directory = try TemporaryDirectory()
        #expect(refusal(directory.path, readOnly: true) == "there is no store here yet")
    }

    @Test("serves one writer at a time")
    func oneWriter() throws {
        let subject = try Subject(.lmdb)
        let ada = try Person("ada")
        try subject.ask(ada.enroll())
        for _ in 0..<3 {
            #expect(
                refusal(subject.path)
                    == "state directory '\(subject.path)': another totpd is serving from it")
        }
        // The one that was there first does not notice.
        try #expect(subject.ask(ada.confirm()) == ["ok"])
        try subject.reopen()
        try subject.expectSound()
        subject.close()
    }
}
