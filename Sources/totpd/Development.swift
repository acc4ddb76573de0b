// `--dev`: a daemon to try by hand, with everything under ./.totpd. Do not run a host with it: its
// key lies beside what the key seals.

import Accounts
import Glibc
import Secrets
import Systemd

enum Development {
    private static let directory = ".totpd"
    private static let keyPath = directory + "/keys"
    private static let socketPath = directory + "/totpd.sock"
    private static let adminPath = directory + "/admin.sock"

    static func paths(_ log: JournalLog) throws -> Paths {
        if mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw StartFault("'\(directory)' cannot be made (\(errorText(errno)))")
        }
        try makeKey(log)
        return Paths(
            state: directory + "/state", epochs: nil, keys: .file(keyPath),
            sockets: try Sockets(socket: socketPath, adminSocket: adminPath, inherited: []))
    }

    /// Writes a fresh key, unless there is a file already.
    private static func makeKey(_ log: JournalLog) throws {
        let descriptor = open(keyPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor < 0, errno == EEXIST { return }
        guard descriptor >= 0 else {
            throw StartFault("'\(keyPath)' cannot be made (\(errorText(errno)))")
        }
        defer { close(descriptor) }
        var line = Array((MasterKey.generate().line + "\n").utf8)
        defer { line.wipe() }
        guard line.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == line.count,
            fsync(descriptor) == 0
        else {
            unlink(keyPath)
            throw StartFault("'\(keyPath)' cannot be written (\(errorText(errno)))")
        }
        log.notice("made a new master key in \(keyPath)")
    }

    static func printExamples(_ paths: Paths) {
        let app = "socat -t5 - UNIX-CONNECT:\(socketPath)"
        let admin = "socat -t5 - UNIX-CONNECT:\(adminPath)"
        let enroll = #"{"op":"enroll","user":"ada","issuer":"Example","qr":"text"}"#
        let confirm = #"{"op":"confirm","user":"ada","code":"123456"}"#
        let verify = #"{"op":"verify","user":"ada","code":"123456"}"#
        let reset = #"{"op":"reset","user":"ada","reason":"lost phone"}"#
        print(
            """

            Paste these into another terminal, in this directory.

            Enrol ada, and scan the QR code with an authenticator app:
              echo '\(enroll)' | \(app) | jq -r .qr

            Confirm with the code that the app shows, and log in with the next one:
              echo '\(confirm)' | \(app)
              echo '\(verify)' | \(app)

            Ada has lost her phone:
              echo '\(reset)' | \(admin)

            """)
        // Standard output may be a pipe, which would keep this until the end.
        fflush(nil)
    }
}
