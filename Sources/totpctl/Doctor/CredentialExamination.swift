// `totpctl doctor` at the master keys: opens them as systemd will at the next start. It must never
// show a key, nor keep one.

import Glibc
import Secrets

enum CredentialExamination {
    private static let what = "master keys"
    /// A TPM takes a second or two.
    private static let patience = Duration.seconds(10)

    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// - Parameter path: of what systemd-creds(1) has sealed.
    static func finding(_ path: String) -> Finding {
        let what = "\(what) \(path)"
        guard isThere(path) else {
            guard errno == ENOENT else {
                return .bad(what, errorText(errno), advice: "ask as root")
            }
            return .bad(
                what, "there are none; a drop-in may take them from elsewhere",
                advice: "systemctl cat totpd.service; totpctl keygen --help makes some")
        }
        guard access(path, R_OK) == 0 else {
            return .bad(what, errorText(errno), advice: "ask as root")
        }
        guard
            let child = ChildProgram(
                ["systemd-creds", "decrypt", "--name=totpd.keys", path, "-"]),
            child.isReadable(until: .now + patience)
        else {
            return .bad(
                what, "systemd-creds is not there, or does not answer",
                advice: "systemd-creds decrypt --name=totpd.keys \(path) - > /dev/null")
        }
        return opened(what, child, path)
    }

    private static func opened(
        _ what: String, _ child: ChildProgram, _ path: String
    ) -> Finding {
        do {
            let ring = try KeyFile.read(from: child.output)
            guard child.hasEndedWell() else { return unopened(what, path) }
            let count = ring.keys.count
            return .good(what, "they open: \(count == 1 ? "one key" : "\(count) keys")")
        } catch .noKey where !child.hasEndedWell() {
            return unopened(what, path)
        } catch {
            return .bad(
                what, "they open, and totpd does not take them: \(error)",
                advice: "seal a right key file again, see totpd(8)")
        }
    }

    private static func unopened(_ what: String, _ path: String) -> Finding {
        .bad(
            what, "they do not open on this host: the next start fails",
            advice: "seal your copy of the keys again: systemd-creds encrypt --tpm2-pcrs= "
                + "--name=totpd.keys COPY \(path)")
    }
}
