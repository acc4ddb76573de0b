// What binding does to what lies in its way, and who may connect when.

import Foundation
import Server
import Testing

import enum DaemonHarness.ListenQueue

@Suite("Binding a socket")
struct ListeningSocketTests {
    private let path: String
    private var socketPath: String { path + "/s" }

    init() throws {
        path = try ProcessWide.temporaryDirectory()
    }

    private func removing(_ body: () throws -> Void) throws {
        try body()
        try FileManager.default.removeItem(atPath: path)
    }

    private func refusal(_ path: String) -> String {
        let fault = #expect(throws: ListeningFault.self) {
            try ProcessWide.bind(path, mode: 0o600)
        }
        return fault?.reason ?? ""
    }

    @Test("sets the mode whatever the umask", arguments: [0o660, 0o600, 0o666] as [mode_t])
    func mode(_ mode: mode_t) throws {
        try removing {
            let descriptor = try ProcessWide.bind(socketPath, mode: mode)
            defer { close(descriptor) }
            var info = stat()
            try #require(lstat(socketPath, &info) == 0)
            #expect(info.st_mode & S_IFMT == S_IFSOCK)
            #expect(info.st_mode & 0o7777 == mode)
            let flags = fcntl(descriptor, F_GETFD)
            #expect(flags & FD_CLOEXEC != 0)
        }
    }

    @Test("lets nobody in before it is listened on")
    func bound() throws {
        try removing {
            let descriptor = try ProcessWide.bind(socketPath, mode: 0o600)
            defer { close(descriptor) }
            #expect(throws: (any Error).self) { try Line(socketPath) }
        }
    }

    @Test("replaces a socket that nobody serves")
    func stale() throws {
        try removing {
            close(try ProcessWide.bind(socketPath, mode: 0o600))
            let descriptor = try ProcessWide.bind(socketPath, mode: 0o600)
            defer { close(descriptor) }
            #expect(listen(descriptor, 1) == 0)
            _ = try Line(socketPath)
        }
    }

    @Test("leaves a socket that somebody serves, who notices nothing")
    func live() throws {
        let server = try TestServer()
        #expect(refusal(server.appPath).contains("another process is serving it"))
        #expect(brief(try server.connect().ask(#"{"op":"hello"}"#)) == "ok")
    }

    @Test("leaves anything else, also at the end of a link")
    func inTheWay() throws {
        try removing {
            let contents = Data("precious".utf8)
            #expect(FileManager.default.createFile(atPath: path + "/file", contents: contents))
            try FileManager.default.createDirectory(
                atPath: path + "/folder", withIntermediateDirectories: false)
            close(try ProcessWide.bind(path + "/stale", mode: 0o600))
            for (name, target) in [("link", "file"), ("dangling", "none"), ("linked", "stale")] {
                #expect(symlink(path + "/" + target, path + "/" + name) == 0)
            }
            for name in ["file", "folder", "link", "dangling", "linked"] {
                #expect(refusal(path + "/" + name).contains("something else is there"), "\(name)")
            }
            #expect(FileManager.default.contents(atPath: path + "/file") == contents)
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(Set(names) == ["file", "folder", "link", "dangling", "linked", "stale"])
        }
    }

    @Test("takes a path of 107 bytes, and none longer")
    func long() throws {
        try removing {
            let fill = 107 - path.utf8.count - 1
            let longest = path + "/" + String(repeating: "s", count: fill)
            close(try ProcessWide.bind(longest, mode: 0o600))
            #expect(refusal(longest + "s") == "the path is too long")
            let accented = path + "/" + String(repeating: "é", count: 60)
            #expect(refusal(accented) == "the path is too long")
        }
    }

    @Test("says why not, where there is no folder")
    func nowhere() throws {
        try removing {
            #expect(!refusal(path + "/none/s").isEmpty)
            #expect(!refusal("").isEmpty)
        }
    }

    /// What the kernel makes of the length that is wanted.
    private func expectedQueue() throws -> Int {
        let text = try String(contentsOfFile: "/proc/sys/net/core/somaxconn", encoding: .utf8)
        let most = try #require(Int(text.trimmingCharacters(in: .newlines)))
        return min(most, Int(ServerPolicy.listenQueueMax))
    }

    @Test("the kernel queues 4,096 at a socket of ours")
    func queue() throws {
        let server = try TestServer()
        for path in [server.appPath, server.adminPath] {
            #expect(try ListenQueue.most(at: path) == expectedQueue())
        }
    }

    @Test(
        "and at one that was handed over, whatever queue it had before",
        arguments: [0, 128, 10_000] as [Int32])
    func inheritedQueue(_ length: Int32) throws {
        let server = try TestServer()
        try removing {
            let descriptor = try ProcessWide.bind(socketPath, mode: 0o600)
            try #require(listen(descriptor, length) == 0)
            try server.server.listen(on: [Listener(descriptor: descriptor, door: .admins)])
            #expect(try ListenQueue.most(at: socketPath) == expectedQueue())
            #expect(try Line(socketPath).sayHello() == "ok")
        }
    }
}
