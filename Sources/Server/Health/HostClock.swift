// Whether something keeps this host's clock right, as the kernel or systemd-timesyncd says. If
// neither says, it is unknown.

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
        let kernel: Bool?
        switch linux_clock_is_synchronized() {
        case 1: kernel = true
        case 0: kernel = false
        default: kernel = nil
        }
        return HostClock(kernel: kernel, isMarked: access(mark, F_OK) == 0)
    }

    /// - Parameter kernel: what it says; nil when it may not be asked, as under `ProtectClock=`.
    init(kernel: Bool?, isMarked: Bool) {
        switch kernel {
        case true?: self = .synchronized
        case false?: self = .unsynchronized
        case nil: self = isMarked ? .synchronized : .unknown
        }
    }
}
