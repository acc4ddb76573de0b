// Shows which files are taken: those of root or of the daemon, that nobody else may write to. Each
// refusal names the file.

import Foundation
import Testing

@testable import Configuration

@Suite struct ConfigurationFileTests {
    private func withFile(
        _ text: String, mode: mode_t = 0o644, _ body: (String) throws -> Void
    ) throws {
        let path = NSTemporaryDirectory() + "/totpd-\(UUID().uuidString).toml"
        #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8)))
        defer { unlink(path) }
        #expect(chmod(path, mode) == 0)
        try body(path)
    }

    private func sentences(_ path: String, isOptional: Bool = false) -> [String] {
        do throws(ConfigurationFileFault) {
            _ = try ConfigurationFile(path: path, isOptional: isOptional).read()
            return []
        } catch {
            return error.sentences
        }
    }

    @Test("is read, and its faults are named with file and line")
    func lines() throws {
        try withFile("[app.shop]\nissuer = 1\n[event]\n") { path in
            let said = sentences(path)
            #expect(said.count == 2)
            #expect(said.first?.hasPrefix("\(path):2: app.shop.issuer: an integer") == true)
            #expect(said.last?.hasPrefix("\(path):3: event: there is no such") == true)
        }
        try withFile("[events]\nkeep_days = 7") { path in
            let read = try ConfigurationFile(path: path, isOptional: true).read()
            #expect(read.eventLifetime == .days(7))
        }
    }

    @Test("an absent one is the defaults where it may be, else a fault")
    func absent() throws {
        let path = "/nonexistent/totpd.toml"
        #expect(try ConfigurationFile(path: path, isOptional: true).read() == .standard)
        #expect(sentences(path) == ["\(path): No such file or directory"])
    }

    @Test("must not be for others to write, nor anything but a file")
    func protection() throws {
        for mode in [0o664, 0o646, 0o666] as [mode_t] {
            try withFile("", mode: mode) { path in
                let said = sentences(path, isOptional: true)
                #expect(said == ["\(path): others may write to it; chmod go-w is expected"])
            }
        }
        try withFile("", mode: 0o640) { #expect(sentences($0) == []) }
        #expect(sentences("/dev") == ["/dev: this is not a file"])
    }

    @Test("65,536 bytes, and one more")
    func length() throws {
        let text = "#" + String(repeating: "x", count: 65_535)
        try withFile(text) { #expect(sentences($0) == []) }
        try withFile(text + "x") { path in
            #expect(sentences(path).first?.contains("too long") == true)
        }
    }
}
