// Finding the server: paths that cannot be, paths where nobody is, and a server that is full.

import Foundation
import Testing

@testable import TOTPClient

@Suite struct ConnectTests {
    @Test("the longest path is reached")
    func longestPath() throws {
        let listener = try TestListener(path: TestListener.freshPath(bytes: 107))
        let client = try TOTPClient(connectingTo: listener.path)
        try listener.accept().serve { try $0.write("<\(try $0.readLine())>\n") }
        #expect(try client.request("hello").text == "<hello>")
    }

    @Test(
        "a path that no socket can have is refused",
        arguments: ["", "/a\0b", "/" + String(repeating: "a", count: 107)])
    func unfit(path: String) {
        #expect(throws: ClientError.pathUnfit(path: path)) { try TOTPClient(connectingTo: path) }
    }

    @Test("where nobody listens, the error says why")
    func nobody() throws {
        let path = TestListener.freshPath()
        #expect(throws: ClientError.unreachable(path: path, code: ENOENT)) {
            try TOTPClient(connectingTo: path)
        }
        let listener = try TestListener()
        listener.abandon()
        #expect(throws: ClientError.unreachable(path: listener.path, code: ECONNREFUSED)) {
            try TOTPClient(connectingTo: listener.path)
        }
        #expect(throws: ClientError.unreachable(path: "/etc/passwd", code: ECONNREFUSED)) {
            try TOTPClient(connectingTo: "/etc/passwd")
        }
    }

    @Test("a server that accepts nobody is given up in time")
    func full() throws {
        let listener = try TestListener(backlog: 0)
        #expect(throws: ClientError.timedOut) {
            var waiting: [TOTPClient] = []
            for _ in 0..<8 {
                waiting.append(
                    try TOTPClient(connectingTo: listener.path, timeout: .milliseconds(20)))
            }
        }
    }

    @Test("a failed connection leaves no descriptor open")
    func descriptors() throws {
        // Other tests open and close some of theirs meanwhile, but not a thousand.
        let path = TestListener.freshPath()
        let before = try descriptorCount()
        for _ in 0..<2_000 {
            #expect(throws: ClientError.self) { try TOTPClient(connectingTo: path) }
        }
        #expect(try descriptorCount() < before + 1_000)
    }

    private func descriptorCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
}
