// `totpctl keygen`: a new master key, as a line of a key file.

import ArgumentParser
import Secrets

struct KeyGen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a master key and print it, for a key file or for systemd-creds.",
        discussion: """
            As a credential:
              totpctl keygen | systemd-creds encrypt --name=totpd.keys - /etc/totpd/totpd.keys.cred
            As a file (mode 600; the first key of a file seals, all of them open):
              (umask 077; totpctl keygen > totpd.keys)
            """)

    func run() {
        print(MasterKey.generate().line)
    }
}
