// `totpctl doctor` at the master keys: opens them as systemd will at the next start. The keys are
// not shown or kept.

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
                return .bad(what, errorText(errno), advice: "run this as root")
            }
            return .bad(
                what, "the file does not exist; a drop-in may name another one",
                advice: "systemctl cat totpd.service; totpctl keygen --help says how to make it")
        }
        guard access(path, R_OK) == 0 else {
            return .bad(what, errorText(errno), advice: "run this as root")
        }
        guard
            let child = ChildProgram(
                ["systemd-creds", "decrypt", "--name=totpd.keys", path, "-"]),
            child.isReadable(until: .now + patience)
        else {
            return .bad(
                what, "systemd-creds is missing, or does not answer",
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
            let seen = "they open: \(count == 1 ? "one key" : "\(count) keys")"
            guard isBoundToSecureBoot(path) else { return .good(what, seen) }
            return .warning(
                what,
                "\(seen); they are bound to PCR 7, and will not open after the next update of "
                    + "the Secure Boot keys",
                advice: "\(unseal(path)) && \(seal(Self.copy, path)); then take the copy away")
        } catch .noKey where !child.hasEndedWell() {
            return unopened(what, path)
        } catch {
            return .bad(
                what, "they open, but totpd does not accept them: \(error)",
                advice: "seal a correct key file, see totpd(8)")
        }
    }

    private static func unopened(_ what: String, _ path: String) -> Finding {
        let cause =
            isBoundToSecureBoot(path)
            ? "; they are bound to PCR 7, and the Secure Boot keys may have been updated" : ""
        return .bad(
            what, "they do not open on this host, so the next start will fail\(cause)",
            advice: "seal your copy of the keys again: \(seal("COPY", path))")
    }

    private static func isBoundToSecureBoot(_ path: String) -> Bool {
        SealedCredential(path: path)?.registers?.contains(SealedCredential.secureBoot) ?? false
    }

    /// As in the operator's guide.
    private static let copy = "/root/totpd.keys"

    private static func unseal(_ path: String) -> String {
        "(umask 077; systemd-creds decrypt --name=totpd.keys \(path) \(copy))"
    }

    private static func seal(_ copy: String, _ path: String) -> String {
        "systemd-creds encrypt --tpm2-pcrs= --name=totpd.keys \(copy) \(path)"
    }
}
