// What installing, upgrading, removing and purging the package do, and what they leave alone.

import DaemonHarness
import Foundation
import Testing

extension ServiceTests {
    @Suite(.serialized)
    struct PackageTests {
        /// A host that has never seen totpd.
        init() throws {
            try Host.wipe()
        }

        private func install(_ package: String? = nil) throws -> String {
            try Host.run("dpkg --install '\(package ?? Host.package())'")
        }

        private func key() throws -> String {
            try Host.run("systemd-creds decrypt --name=totpd.keys \(Service.sealedKey) -")
        }

        @Test("a first install serves: sockets, user, group, and a key that is sealed to this host")
        func first() throws {
            // Without network: everything that it needs is here.
            let said = try Host.run("apt-get install --yes '\(Host.package())'")
            #expect(said.contains("made a master key") && said.contains("Keep a copy"))
            #expect(said.contains("totpd: the key in this host's /var/lib/systemd."))
            #expect(!said.contains("totpd-master-key-1"))
            for unit in ["totpd.socket", "totpd-admin.socket", "totpd.service"] {
                #expect(try Service.property("ActiveState", of: unit) == "active")
                #expect(try Host.run("systemctl is-enabled \(unit)") == "enabled")
            }
            #expect(try Service.ask(#"{"op":"hello"}"#).app == "default")
            #expect(try Service.askAsAdmin(#"{"op":"hello"}"#).ops?.contains("reset") == true)

            #expect(try key().hasPrefix("totpd-master-key-1 "))
            let sealed = try Host.run("cat \(Service.sealedKey)")
            #expect(!sealed.contains("totpd-master-key-1"))
            let modes = try Host.run(
                "stat --format='%a %U %G %n' /run/totpd /run/totpd/*.sock /var/lib/totpd"
                    + " /var/backups/totpd \(Service.sealedKey)")
            #expect(
                modes == """
                    755 root root /run/totpd
                    600 root root /run/totpd/admin.sock
                    660 root totpd /run/totpd/totpd.sock
                    700 totpd totpd /var/lib/totpd
                    700 totpd totpd /var/backups/totpd
                    600 root root \(Service.sealedKey)
                    """)
            let user = try Host.run("getent passwd totpd")
            #expect(user.hasSuffix(":/var/lib/totpd:/usr/sbin/nologin"))
        }

        @Test("the program brings Swift's runtime along, and the rest comes from Debian")
        func linked() throws {
            _ = try install()
            let libraries = try Host.run("ldd /usr/sbin/totpd /usr/bin/totpctl")
            #expect(libraries.contains("libcrypto.so.3") && libraries.contains("liblmdb.so.0"))
            #expect(!libraries.contains("swift") && !libraries.contains("Foundation"))
            #expect(!libraries.contains("not found"))
        }

        @Test("pages, completions and examples are there, and are what they should be")
        func texts() throws {
            _ = try install()
            for page in ["8 totpd", "1 totpctl", "5 totpd.toml"] {
                let read = try Host.attempt("MANWIDTH=80 man --warnings \(page)")
                #expect(read.ending == .exited(0) && read.complaints == "", "\(page)")
                #expect(read.printed.contains("SEE ALSO"))
            }
            try Host.run(
                """
                for program in totpd totpctl; do
                    bash -n /usr/share/bash-completion/completions/$program
                    grep -q "^#compdef $program" /usr/share/zsh/vendor-completions/_$program
                    grep -q "complete -c '*$program" \
                        /usr/share/fish/vendor_completions.d/$program.fish
                done
                cd /usr/share/doc/totpd
                [ -s README.md ] && [ -s protocol.md ] && [ -s docs/operate.md ]
                [ -s examples/key-in-a-file.conf ]
                totpd --check-config --config examples/totpd.toml.example
                """)
        }

        @Test("make install puts the same files elsewhere, to serve; make uninstall takes them")
        func makeInstall() throws {
            let folder = try Host.run("dirname \(Host.source("../../systemd/install"))")
            try Host.run("'\(folder)/install' /var/tmp/installed /usr/local")
            let installed = try Host.run("cd /var/tmp/installed/usr/local; find . -type f | sort")
            let packaged = try Host.run(
                """
                dpkg-deb --fsys-tarfile '\(Host.package())' | tar --list |
                    grep -vE '/$|/changelog.gz$|/copyright$|/sbom.cdx.json$|/lintian/' |
                    sed -E 's|^./usr/|./|; s|(/man/.*)[.]gz$|\\1|' | sort
                """)
            #expect(installed == packaged)

            try Host.run(
                """
                cp --recursive /var/tmp/installed/* /
                systemd-sysusers && systemd-tmpfiles --create totpd.conf
                totpctl keygen | systemd-creds encrypt --name=totpd.keys - \(Service.sealedKey)
                systemctl daemon-reload
                systemctl start totpd.socket totpd-admin.socket totpd.service
                """)
            #expect(try Service.ask(#"{"op":"hello"}"#).ok)
            let status = try Host.run("systemctl status totpd.service")
            #expect(status.contains("/usr/local/sbin/totpd"))
            let early = try Host.attempt("'\(folder)/uninstall' '' /usr/local")
            #expect(early.ending == .exited(1) && early.complaints.contains("systemctl disable"))
            let said = try Host.run(
                """
                systemctl stop totpd.socket totpd-admin.socket totpd.service
                '\(folder)/uninstall' '' /usr/local
                """)
            #expect(said.contains("are left in /etc/totpd /var/lib/totpd /var/backups/totpd."))
            let left = "find /usr/local /lib/systemd -name '*totpd*' -o -name '*totpctl*'"
            #expect(try Host.run(left) == "")
        }

        @Test("an upgrade keeps the key, what the admin edited, and what is switched off")
        func upgrade() throws {
            let (old, new) = try Package.versions(
                ["0.8.1", "0.8.2"],
                changing: """
                    mkdir -p etc/totpd
                    echo "# as the package has it, $(grep ^Version DEBIAN/control)" \
                        >etc/totpd/conffile
                    grep -qx /etc/totpd/conffile DEBIAN/conffiles 2>/dev/null ||
                        echo /etc/totpd/conffile >>DEBIAN/conffiles
                    """
            ).asPair()
            _ = try install(old)
            let sealed = try Host.run("sha256sum \(Service.sealedKey)")
            try Host.write("# as the admin has it\n", to: "/etc/totpd/conffile")
            let dropIn = "/etc/systemd/system/totpd.service.d/mine.conf"
            try Host.write("[Service]\nLimitNOFILE=20000\n", to: dropIn)
            try Host.run(
                """
                systemctl disable totpd.service totpd-admin.socket
                """)
            let ada = Account("ada")
            try Service.admit([ada])
            let pid = try Service.mainPID()

            let said = try Host.run(
                "dpkg --force-confdef --install '\(new)'")
            #expect(!said.contains("master key"))
            #expect(try Host.run("sha256sum \(Service.sealedKey)") == sealed)
            #expect(try Host.run("cat /etc/totpd/conffile") == "# as the admin has it")
            #expect(Host.exists(dropIn))
            #expect(try Service.property("LimitNOFILE") == "20000")
            for unit in ["totpd-admin.socket", "totpd.service"] {
                #expect(try Host.attempt("systemctl is-enabled \(unit)").printed == "disabled\n")
            }
            #expect(try Host.run("systemctl is-enabled totpd.socket") == "enabled")
            #expect(try Service.mainPID() != pid)
            #expect(try Service.ask(ada.verifying(ada.rightCode())).brief == "ok")
        }

        @Test("purging leaves the accounts and their key, and says so; what comes next opens them")
        func purge() throws {
            _ = try install()
            let ada = Account("ada")
            try Service.admit([ada])
            let before = try key()
            let said = try Host.run("dpkg --purge totpd")
            #expect(said.contains("are left in /var/lib/totpd /etc/totpd, and the user totpd"))
            #expect(said.contains("rm -r /var/lib/totpd /etc/totpd; userdel totpd"))
            #expect(!Host.exists(Service.socket) && !Host.exists("/usr/sbin/totpd"))
            #expect(try Host.attempt("systemctl cat totpd.service").ending != .exited(0))
            #expect(try Host.run("find /etc/systemd -name 'totpd*'") == "")

            let again = try install()
            #expect(!again.contains("made a master key"))
            #expect(try key() == before)
            #expect(try Service.ask(ada.verifying(ada.rightCode())).brief == "ok")
        }

        @Test("no new key is made over accounts whose key is gone")
        func keyGone() throws {
            _ = try install()
            try Service.admit([Account("ada")])
            try Host.run("dpkg --purge totpd; rm \(Service.sealedKey)")
            let said = try install()
            #expect(said.contains("has accounts and \(Service.sealedKey) is gone"))
            #expect(!Host.exists(Service.sealedKey))
            #expect(try Service.property("SubState") != "running")
        }
    }
}

extension Array {
    fileprivate func asPair() throws -> (Element, Element) {
        guard count == 2 else { throw HarnessFault("two were expected, not \(count)") }
        return (self[0], self[1])
    }
}
