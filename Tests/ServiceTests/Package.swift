// The Debian package under test, and packages of later versions, which differ from it as a release
// does: in their version, and in what an admin may have edited.

import DaemonHarness
import Foundation

enum Package {
    /// Packages with these versions, each with what `change` makes of its unpacked tree.
    static func versions(_ versions: [String], changing change: String = ":") throws -> [String] {
        try versions.map { version in
            let tree = "/var/tmp/totpd_\(version)_later"
            try Host.run(
                """
                rm -rf \(tree)
                dpkg-deb --raw-extract '\(Host.package())' \(tree)
                sed -i 's/^Version: .*/Version: \(version)/' \(tree)/DEBIAN/control
                cd \(tree)
                \(change)
                dpkg-deb -Zgzip -z1 --root-owner-group --build \(tree) \(tree).deb
                """)
            return "\(tree).deb"
        }
    }
}
