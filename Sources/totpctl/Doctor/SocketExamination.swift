// Whether somebody is listening at a path.

import Glibc
import Secrets
import TOTPClient

struct SocketExamination {
    let path: String
    let unit: String

    var finding: Finding {
        let what = "socket \(path)"
        var info = stat()
        guard lstat(path, &info) == 0 else {
            let reason = errno
            let advice =
                reason == EACCES
                ? "run this as root, or as a user of the socket" : "systemctl start \(unit)"
            return .bad(what, errorText(reason), advice: advice)
        }
        guard info.st_mode & S_IFMT == S_IFSOCK else {
            return .bad(what, "it is not a socket", advice: "remove it; systemctl restart \(unit)")
        }
        guard info.st_mode & 0o002 == 0 else {
            return .bad(
                what, "everybody on this host may connect",
                advice: "SocketMode=0660 in \(unit), and a group for those who may connect")
        }
        do {
            _ = try TOTPClient(connectingTo: path, timeout: .seconds(5))
        } catch .unreachable(_, code: EACCES) {
            return .bad(
                what, "you may not connect (mode \(Self.octal(info.st_mode)))",
                advice: "run this as root, or join the socket's group")
        } catch .unreachable(_, code: ECONNREFUSED) {
            return .bad(what, "nobody listens", advice: "systemctl restart \(unit)")
        } catch {
            return .bad(what, "\(error)", advice: "systemctl status \(unit) totpd.service")
        }
        return .good(what, "somebody listens")
    }

    private static func octal(_ mode: mode_t) -> String { String(mode & 0o777, radix: 8) }
}
