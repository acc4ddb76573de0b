// `totpctl keygen`: a new master key, as a line of a key file.

import ArgumentParser
import Secrets

struct KeyGen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a master key and print it, for a key file or for systemd-creds.",
        discussion: """
            As a credential, sealed to this host and its TPM. It opens after any update:

            totpctl keygen | \\
            systemd-creds encrypt --tpm2-pcrs= --name=totpd.keys - \\
            /etc/totpd/totpd.keys.cred

            As a file. Its first key seals, all of its keys open:

            (umask 077; totpctl keygen > totpd.keys)

            Without --tpm2-pcrs= systemd-creds also binds it to PCR 7. Then it does not open after \
            the next update of the Secure Boot keys. See totpd(8).
            """)

    func run() throws {
        try reporting { print(MasterKey.generate().line) }
    }
}
