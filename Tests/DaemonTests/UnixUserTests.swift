// Apps as real Unix users: each made for the test, each talking to the real daemon through the
// socket as any program of theirs would, and one who may reach neither socket. Needs root.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("The real daemon and real Unix users", .serialized, .waits)
struct UnixUserTests {
    static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        return ["useradd", "groupadd", "setpriv", "socat"].allSatisfy { name in
            do {
                _ = try Program.tool(name, package: "passwd, util-linux, socat")
                return true
            } catch {
                return false
            }
        }
    }()

    @Test(
        "two apps with the same users share nothing; strangers get nothing",
        .enabled(if: isPossible, "needs root"))
    func apart() throws {
        let cast = try UnixCast()
        let daemon = try DaemonProcess()
        try daemon.configure(
            """
            [app.shop]
            users = ["\(cast.shop)"]
            [app.mail]
            groups = ["\(cast.mailers)"]
            """)
        try daemon.start()
        try cast.open(daemon, daemon.socket)
        let ada = try Person("ada")
        try expectApart(cast, daemon, ada)
        try expectShutOut(cast, daemon)

        // A reload may give an app to somebody else.
        try daemon.configure("[app.shop]\nusers = [\"\(cast.guest)\"]")
        #expect(try daemon.reload().hasSuffix(": reloaded\n"))
        #expect(try cast.reply(cast.guest, ada.asking("status"), daemon).enrolled == true)
        #expect(try cast.reply(cast.shop, ada.asking("status"), daemon).brief == "not_permitted")
        #expect(try daemon.stop() == .exited(0))
        #expect(try daemon.check().ending == .exited(0))
    }

    private func expectApart(_ cast: UnixCast, _ daemon: DaemonProcess, _ ada: Person) throws {
        func shop(_ line: String) throws -> Reply { try cast.reply(cast.shop, line, daemon) }
        func mail(_ line: String) throws -> Reply { try cast.reply(cast.mail, line, daemon) }
        #expect(try shop(#"{"op":"hello"}"#).app == "shop")
        #expect(try mail(#"{"op":"hello"}"#).app == "mail")

        // The same name, and only one of them has enrolled.
        #expect(try daemon.askAsAdmin(ada.importing(into: "shop")).ok)
        #expect(try shop(ada.asking("status")).enrolled == true)
        #expect(try mail(ada.asking("status")).enrolled == false)
        #expect(try mail(ada.verifying(ada.code())).brief == "not_enrolled")
        // The same name and the same secret: what one uses up and spends, the other still has.
        #expect(try daemon.askAsAdmin(ada.importing(into: "mail")).ok)
        let code = ada.code()
        #expect(try shop(ada.verifying(code)).ok)
        #expect(try shop(ada.verifying(code)).brief == "replayed")
        for wrong in ada.wrongCodes(5) {
            #expect(try shop(ada.verifying(wrong)).brief == "wrong_code")
        }
        #expect(try shop(ada.verifying(ada.code(1))).brief == "throttled")
        #expect(try mail(ada.verifying(code)).ok)
        // Nor does one speak for the other by naming it, nor ask what admins ask.
        let foreign = ada.asking("status").replacing("{", with: #"{"app":"shop","#)
        #expect(try mail(foreign).brief == "not_permitted")
        #expect(try mail(ada.resetting).brief == "not_permitted")
    }

    /// A user who may connect and speaks for no app, and one who may not even connect.
    private func expectShutOut(_ cast: UnixCast, _ daemon: DaemonProcess) throws {
        let hello = #"{"op":"hello"}"#
        #expect(try cast.reply(cast.guest, hello, daemon).brief == "not_permitted")
        let status = #"{"op":"status","user":"ada"}"#
        #expect(try cast.reply(cast.guest, status, daemon).brief == "not_permitted")
        let shut = [
            (cast.stranger, daemon.socket), (cast.stranger, daemon.adminSocket),
            (cast.shop, daemon.adminSocket), (cast.mail, daemon.adminSocket),
            (cast.guest, daemon.adminSocket),
        ]
        for (user, path) in shut {
            let (printed, complaints) = try cast.ask(user, hello, path)
            #expect(printed.isEmpty && complaints.contains("Permission denied"), "\(complaints)")
        }
    }
}

extension UnixUserTests {
    @Test(
        "an app's own socket opens for the user called like it, or for whom the file names",
        .enabled(if: isPossible, "needs root"))
    func ownSocket() throws {
        let cast = try UnixCast()
        let daemon = try DaemonProcess()
        let own = daemon.directory.path(of: "own.sock")
        daemon.inherited = [
            3: try listeningSocket(path: daemon.socket),
            4: try listeningSocket(path: daemon.adminSocket), 5: try listeningSocket(path: own),
        ]
        daemon.launcher = ["/bin/sh", "-c", "export LISTEN_PID=$$; exec \"$0\" \"$@\""]
        daemon.environment = [
            "LISTEN_FDS": "3", "LISTEN_FDNAMES": "apps:admin:app.\(cast.shop)",
        ]
        let arguments = ["--state", daemon.state, "--keys", daemon.keys]
        try daemon.start(arguments + ["--config", daemon.configuration])
        // As the units have it: all of them may connect to both.
        for path in [daemon.socket, own] { try cast.open(daemon, path) }
        let hello = #"{"op":"hello"}"#
        for path in [daemon.socket, own] {
            #expect(try cast.reply(cast.shop, hello, on: path).app == cast.shop)
        }
        let ada = try Person("ada")
        for line in [hello, ada.asking("enroll"), ada.asking("status"), ada.resetting] {
            for user in [cast.mail, cast.guest] {
                #expect(try cast.reply(user, line, on: own).brief == "not_permitted")
            }
        }
        #expect(try cast.reply(cast.mail, hello, daemon).app == "default")
        #expect(try daemon.ask(hello).app == "default")

        try daemon.configure("[app.\(cast.shop)]\nusers = [\"\(cast.mail)\"]")
        #expect(try daemon.reload().hasSuffix(": reloaded\n"))
        for path in [daemon.socket, own] {
            #expect(try cast.reply(cast.shop, hello, on: path).brief == "not_permitted")
            #expect(try cast.reply(cast.mail, hello, on: path).app == cast.shop)
        }
        #expect(try daemon.stop() == .exited(0))
    }

    @Test(
        "connections that one user leaves idle make room for those of others",
        .enabled(if: isPossible, "needs root"))
    func idle() throws {
        let cast = try UnixCast()
        let daemon = try DaemonProcess()
        try daemon.configure(
            "[app.default]\nconnections_max = 40\ngroups = [\"\(cast.callers)\"]")
        try daemon.start()
        try cast.open(daemon, daemon.socket)
        let script = """
            import socket, sys
            held = [socket.socket(socket.AF_UNIX) for _ in range(50)]
            for one in held: one.connect(sys.argv[1])
            # Each of the last ten hears that it is one too many.
            print(sum(b"busy" in one.recv(200) for one in held[40:]), file=sys.stderr, flush=True)
            # Holds them until the test ends it, or until the daemon has closed every one of them.
            for one in held[:40]: one.recv(1)
            """
        // Debian's own: another may lie in the home of whoever runs the tests.
        let holder = try cast.start(
            cast.guest, ["/usr/bin/python3", "-c", script, daemon.socket])
        #expect(try holder.read(until: { $0.hasSuffix("\n") }) && holder.complaints == "10\n")
        let health = try daemon.askAsAdmin(#"{"op":"health"}"#)
        #expect(try #require(health.reasons).contains("connections_full"))
        for user in [cast.shop, cast.mail, cast.shop] {
            #expect(try cast.reply(user, #"{"op":"hello"}"#, daemon).app == "default")
        }
        // A place that was given is free once its user has gone.
        #expect(try cast.reply(cast.guest, #"{"op":"hello"}"#, daemon).ok)
        holder.signal(SIGKILL)
        try holder.wait()
        #expect(try daemon.stop() == .exited(0))
    }
}

/// Users and groups of this host, gone with the test.
private final class UnixCast {
    /// `shop` and `mail` are apps; `guest` may connect; `stranger` may not.
    let shop: String
    let mail: String
    let guest: String
    let stranger: String
    /// The group that may connect, and the group `mail` of a user who has another first group.
    let callers: String
    let mailers: String
    private var users: [String] = []
    private var groups: [String] = []

    init() throws {
        let mark = DaemonProcess.hexadecimal(6)
        func name(_ role: String) -> String { "totpd-\(mark)-\(role)" }
        (shop, mail, guest) = (name("shop"), name("mail"), name("guest"))
        (stranger, callers, mailers) = (name("else"), name("call"), name("mailers"))
        for group in [callers, mailers] {
            try Self.run("groupadd", ["--system", group])
            groups.append(group)
        }
        for (user, memberships) in [
            (shop, callers), (mail, "\(callers),\(mailers)"), (guest, callers), (stranger, ""),
        ] {
            let shared = memberships.isEmpty ? [] : ["--groups", memberships]
            try Self.run(
                "useradd",
                ["--system", "--no-create-home", "--shell", "/bin/false"] + shared
                    + [user])
            users.append(user)
        }
    }

    deinit {
        do {
            for user in users { try Self.run("userdel", [user]) }
            for group in groups { try Self.run("groupdel", [group]) }
        } catch {
            // A deinit cannot throw, and the test's own verdict should stand.
            print("a Unix user of the test stays behind: \(error)")
        }
    }

    /// Lets the callers connect, as totpd.socket does with SocketGroup=.
    func open(_ daemon: DaemonProcess, _ path: String) throws {
        guard chmod(daemon.directory.path, 0o755) == 0, chmod(path, 0o660) == 0 else {
            throw HarnessFault.call("chmod")
        }
        try Self.run("chgrp", [callers, path])
    }

    /// What a process of that user is answered on the apps' socket.
    func reply(_ user: String, _ line: String, _ daemon: DaemonProcess) throws -> Reply {
        try reply(user, line, on: daemon.socket)
    }

    func reply(_ user: String, _ line: String, on path: String) throws -> Reply {
        try Reply(ask(user, line, path).printed)
    }

    /// What a process of that user is answered on a socket, and what socat complains of.
    func ask(
        _ user: String, _ line: String, _ path: String
    ) throws -> (printed: String, complaints: String) {
        let script = #"printf '%s\n' "$1" | socat -t5 - "UNIX-CONNECT:$2""#
        let child = try start(user, ["sh", "-c", script, "sh", line, path])
        try child.wait()
        return (child.printed, child.complaints)
    }

    /// A process of that user.
    func start(_ user: String, _ command: [String]) throws -> Child {
        try Child(
            Program.tool("setpriv", package: "util-linux"),
            ["--reuid=\(user)", "--regid=\(user)", "--init-groups"] + command,
            environment: Program.environment())
    }

    private static func run(_ tool: String, _ arguments: [String]) throws {
        let child = try Child(
            Program.tool(tool, package: "passwd"), arguments, environment: Program.environment())
        guard try child.wait() == .exited(0) else {
            throw HarnessFault("\(tool): \(child.complaints)")
        }
    }
}

extension Person {
    fileprivate func importing(into app: String) -> String {
        importing.replacing("{", with: #"{"app":"\#(app)","#, maxReplacements: 1)
    }
}
