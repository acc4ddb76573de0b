// Which store a host takes for the one that it had last, and how what it keeps is read.

import Foundation
import Scratch
import Testing

@testable import LMDBStore

@Suite("The epoch of a host")
struct EpochTests {
    private static func epoch(_ byte: UInt8) -> Epoch { Epoch([UInt8](repeating: byte, count: 16)) }

    @Test("takes the store of the last start, and of one that was stopped while it started")
    func table() {
        let (last, next, other) = (Self.epoch(1), Self.epoch(2), Self.epoch(3))
        let both = HostEpochs(last: last, next: next)
        #expect(both.accept(last) && both.accept(next))
        #expect(!both.accept(other) && !both.accept(nil))
        // Nothing was drawn: the store keeps what it has.
        let one = HostEpochs(last: last, next: nil)
        #expect(one.accept(last) && !one.accept(next) && !one.accept(nil))
        // The first start, or somebody has removed the file.
        let first = HostEpochs(last: nil, next: next)
        #expect(first.accept(nil) && first.accept(last) && first.accept(next))
    }

    @Test("is 32 digits and the end of the line, and nothing else")
    func files() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path(of: "epoch")
        #expect(try HostEpochs(path: path) == HostEpochs(last: nil, next: nil))
        let digits = String(repeating: "0a", count: 16)
        try Data((digits + "\n").utf8).write(to: URL(filePath: path + ".next"))
        #expect(try HostEpochs(path: path) == HostEpochs(last: nil, next: Self.epoch(10)))
        let bad = ["", "\n", digits, digits + "0\n", digits + "\n\n", digits.dropLast() + "g\n"]
        for text in bad {
            try Data(text.utf8).write(to: URL(filePath: path))
            #expect(throws: OpeningRefusal.self, "\(text)") { try HostEpochs(path: path) }
        }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(throws: OpeningRefusal.self) { try HostEpochs(path: path) }
    }
}
