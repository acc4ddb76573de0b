// The daemon and its service manager: sockets that are handed over, notifications, the watchdog.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("The real daemon under a service manager", .serialized, .waits)
struct ServiceManagerTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess() }

    /// Two sockets as descriptors 3 and 4, with these names.
    private func handOver(_ names: String) throws -> [String] {
        daemon.inherited = [
            3: try listeningSocket(path: daemon.socket),
            4: try listeningSocket(path: daemon.adminSocket),
        ]
        // Only the process itself knows its id before it is totpd.
        daemon.launcher = ["/bin/sh", "-c", "export LISTEN_PID=$$; exec \"$0\" \"$@\""]
        daemon.environment = ["LISTEN_FDS": "2", "LISTEN_FDNAMES": names]
        return ["--state", daemon.state, "--keys", daemon.keys]
    }

    @Test("serves the sockets it is handed, each for whom its name says, and leaves their files")
    func inherited() throws {
        let arguments = try handOver("app.shop:admin")
        // A client that was there before the daemon is served like any other.
        let early = try daemon.connect()
        try early.send(#"{"op":"hello"}"#)
        try daemon.start(arguments)
        let hello = try early.reply()
        #expect(hello.app == "shop" && hello.ops?.contains("reset") == false)
        let admin = try daemon.askAsAdmin(#"{"op":"hello"}"#)
        #expect(admin.app == nil && admin.ops?.contains("reset") == true)

        let ada = try Person("ada")
        let importing = ada.importing.replacing("{", with: #"{"app":"shop","#, maxReplacements: 1)
        #expect(try daemon.askAsAdmin(importing).ok)
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
        #expect(try daemon.askAsAdmin(ada.verifying(ada.code())).brief == "not_enrolled")

        #expect(try daemon.stop() == .exited(0))
        #expect(FileManager.default.fileExists(atPath: daemon.socket))
        // The manager keeps the sockets: what comes between two lives waits for the second.
        let between = try daemon.connect()
        try between.send(#"{"op":"hello"}"#)
        try daemon.start(arguments)
        #expect(try between.reply().app == "shop")
    }

    @Test("the socket named apps speaks for whom the configuration says")
    func apps() throws {
        let arguments = try handOver("apps:admin") + ["--config", daemon.configuration]
        try daemon.start(arguments)
        let client = try daemon.connect()
        #expect(try client.ask(#"{"op":"hello"}"#).app == "default")
        let user = try #require(getpwuid(geteuid())?.pointee.pw_name)
        try daemon.configure("[app.shop]\nusers = [\"\(String(cString: user))\"]")
        #expect(try daemon.reload().hasSuffix(": reloaded\n"))
        #expect(try client.ask(#"{"op":"hello"}"#).app == "shop")
        try daemon.configure("[app.shop]\nusers = [\"daemon\"]")
        #expect(try daemon.reload().hasSuffix(": reloaded\n"))
        #expect(try client.ask(#"{"op":"hello"}"#).brief == "not_permitted")
    }

    @Test(
        "refuses a socket whose name says nothing",
        arguments: [
            "app.shop:metrics", "unknown:unknown", "app.:admin", "app.UP:admin", "shop:admin",
        ])
    func unknownName(_ names: String) throws {
        let (ending, sentence) = try daemon.startRefused(handOver(names))
        #expect(ending == .exited(1))
        expectOneSentence(sentence, "speaks for nobody", "FileDescriptorName=")
    }

    @Test("refuses sockets that were meant for another process, and descriptors that do not listen")
    func unfit() throws {
        let arguments = try handOver("app.shop:admin")
        daemon.launcher = []
        daemon.environment["LISTEN_PID"] = "1"
        let foreign = try daemon.startRefused(arguments)
        #expect(foreign.ending == .exited(1))
        expectOneSentence(foreign.sentence, "LISTEN_PID")

        let again = try DaemonProcess()
        again.inherited = [3: try Descriptor(open("/dev/null", O_RDWR | O_CLOEXEC), "open")]
        again.launcher = ["/bin/sh", "-c", "export LISTEN_PID=$$; exec \"$0\" \"$@\""]
        again.environment = ["LISTEN_FDS": "1", "LISTEN_FDNAMES": "admin"]
        let unfit = try again.startRefused(["--state", again.state, "--keys", again.keys])
        #expect(unfit.ending == .exited(1))
        expectOneSentence(unfit.sentence, "descriptor 3")
    }

    @Test("says when it is ready, lives, reloads and stops, and what it does")
    func notifications() throws {
        let manager = try NotifySocket(path: daemon.directory.path(of: "notify.sock"))
        daemon.environment = ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "100000"]
        try daemon.start()
        #expect(try manager.next()["STATUS"] == "opening the store")
        let ready = try manager.next()
        #expect(ready == ["READY": "1", "STATUS": "serving apps, admins"])
        for _ in 0..<3 { #expect(try manager.next(with: "WATCHDOG")["WATCHDOG"] == "1") }
        let clients = try (0..<2).map { _ in try daemon.connect() }
        for client in clients { #expect(try client.ask(#"{"op":"hello"}"#).ok) }
        _ = try manager.next(with: "WATCHDOG")
        #expect(
            try manager.next(with: "WATCHDOG")["STATUS"]
                == "serving apps, admins: 2 connections of apps, 0 of admins")

        try daemon.running().signal(SIGHUP)
        let reloading = try manager.next(with: "RELOADING")
        #expect(reloading["MONOTONIC_USEC"].flatMap { Int($0) } ?? 0 > 0)
        #expect(try manager.next(with: "READY")["READY"] == "1")
        #expect(try daemon.ask(#"{"op":"hello"}"#).ok)

        try daemon.running().signal(SIGTERM)
        let stopping = try manager.next(with: "STOPPING")
        #expect(stopping == ["STOPPING": "1", "STATUS": "finishing what is under way"])
        #expect(try daemon.end() == .exited(0))
    }

    @Test("that cannot start says why where people look, and stays until it is told to go")
    func holdsBack() throws {
        let manager = try NotifySocket(path: daemon.directory.path(of: "notify.sock"))
        daemon.environment = ["NOTIFY_SOCKET": manager.path]
        try daemon.writeKey("no key")
        try daemon.launch()
        let status = try manager.next()["STATUS"] ?? ""
        #expect(status.hasPrefix("cannot start: key file '\(daemon.keys)': "))
        // Without the signal it would stay for seconds.
        try daemon.running().signal(SIGTERM)
        #expect(try daemon.end(Deadline(seconds: 4)) == .exited(1))
        expectOneSentence(try daemon.log(), "key file")
    }

    @Test("sends no sign of life while its writer hangs")
    func hangingWriter() throws {
        let manager = try NotifySocket(path: daemon.directory.path(of: "notify.sock"))
        daemon.environment = ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "100000"]
        try daemon.start()
        _ = try manager.next(with: "WATCHDOG")
        try daemon.running().freeze()
        // What was sent before it stood still is taken away first.
        let quiet = #expect(throws: HarnessFault.self) {
            while true { _ = try manager.next(Deadline(seconds: 0.5)) }
        }
        #expect(quiet?.description == "no notification came")
        try daemon.running().signal(SIGCONT)
        _ = try manager.next(with: "WATCHDOG")
    }

    @Test("does not start where it cannot tell its manager")
    func noManager() throws {
        daemon.environment = ["NOTIFY_SOCKET": "relative/notify.sock"]
        let (ending, sentence) = try daemon.startRefused()
        #expect(ending == .exited(1))
        expectOneSentence(sentence, "NOTIFY_SOCKET")
    }
}
