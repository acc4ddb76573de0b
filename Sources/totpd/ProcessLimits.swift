// What the process may use and leave behind: as many descriptors as the host allows; no core dump
// and no crash report, since both show memory.

import Glibc
import Secrets
import Server

enum ProcessLimits {
    /// Connections, the store, and the event loop's own.
    private static let descriptorsMin =
        rlim_t(ServerPolicy.appConnectionsMax + ServerPolicy.adminConnectionsMax + 100)

    static func raise() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw StartFault("getrlimit: \(errorText(errno))")
        }
        limit.rlim_cur = limit.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw StartFault("setrlimit: \(errorText(errno))")
        }
        guard limit.rlim_cur >= descriptorsMin else {
            throw StartFault(
                "\(limit.rlim_cur) open files are too few, \(descriptorsMin) are needed; "
                    + "hint: LimitNOFILE=")
        }
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0 else {
            throw StartFault("setrlimit: \(errorText(errno))")
        }
        forbidCrashReports()
    }

    /// Swift's runtime prints registers and the memory they point at when a program traps, unless
    /// the environment says otherwise. A trap ends the process here, and says its one sentence.
    private static func forbidCrashReports() {
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGBUS, SIGSEGV, SIGQUIT] {
            signal(number, SIG_DFL)
        }
    }
}
