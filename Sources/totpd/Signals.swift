// Signals as values, waited for on the main thread. No code of ours ever runs inside a handler.

import Glibc

enum Signals {
    enum Arrived {
        /// None came in the time given.
        case none
        case reload
        case stop(String)
    }

    /// Blocks what `wait` takes, for this thread and all that it makes: call it first.
    static func block() {
        // A client that is gone, and a file at its limit, are errors of write(2) like any other.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        var set = awaited
        let status = pthread_sigmask(SIG_BLOCK, &set, nil)
        precondition(status == 0, "pthread_sigmask cannot refuse to block")
    }

    private static var awaited: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        return set
    }

    static func wait(atMost time: Duration?) -> Arrived {
        var set = awaited
        while true {
            switch number(&set, time) {
            case SIGHUP: return .reload
            case SIGTERM: return .stop("SIGTERM")
            case SIGINT: return .stop("SIGINT")
            default:
                // EAGAIN is the time that ran out; EINTR a debugger that came by.
                if errno == EAGAIN { return .none }
            }
        }
    }

    private static func number(_ set: inout sigset_t, _ time: Duration?) -> Int32 {
        guard let time else { return sigwaitinfo(&set, nil) }
        let (seconds, attoseconds) = time.components
        var limit = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        return sigtimedwait(&set, nil, &limit)
    }
}
