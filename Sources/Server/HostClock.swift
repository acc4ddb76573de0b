// Whether something keeps this host's clock right. It must never say so when nobody has said it.

import CLinux
import Glibc

package enum HostClock: String, Sendable {
    case synchronized
    case unsynchronized
    /// Neither the kernel nor systemd says: in a sandbox the first may be out of reach.
    case unknown

    /// systemd-timesyncd makes it once it has set the clock (systemd-timesyncd.service(8)).
    private static let mark = "/run/systemd/timesync/synchronized"

    package static func look() -> HostClock {
        switch linux_clock_is_synchronized() {
        case 1: return .synchronized
        case 0: return .unsynchronized
        default: return access(mark, F_OK) == 0 ? .synchronized : .unknown
        }
    }
}
