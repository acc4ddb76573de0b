// C between the daemon and the C library, compiled when a test needs it: a clock that is off, a
// disk that fails. libfaketime will not do: it changes the environment before Swift has found the
// arguments beside it, and the daemon then sees none.

import DaemonHarness
import Foundation
import Scratch

enum Preload {
    /// Adds CLOCK_OFFSET, in seconds, to the wall clock; the monotonic clock stays true.
    static let clock = """
        #define _GNU_SOURCE
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <time.h>
        #include <unistd.h>
        int clock_gettime(clockid_t clock, struct timespec *time) {
            int status = syscall(SYS_clock_gettime, clock, time);
            const char *offset = getenv("CLOCK_OFFSET");
            if (clock == CLOCK_REALTIME && offset) time->tv_sec += atol(offset);
            return status;
        }
        """

    /// Fails every flush once the file FLUSH_TRIGGER is there; with FLUSH_ONCE the first one alone,
    /// after 0.3 seconds in which others end well. FLUSH_TIME is how long each takes at least, in
    /// microseconds.
    static let flush = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        static int hasFailed;
        static int flush(int call, int descriptor) {
            const char *trigger = getenv("FLUSH_TRIGGER"), *time = getenv("FLUSH_TIME");
            if (time) usleep(atol(time));
            if (!trigger || access(trigger, F_OK) != 0) return syscall(call, descriptor);
            if (getenv("FLUSH_ONCE")) {
                if (__sync_lock_test_and_set(&hasFailed, 1)) return syscall(call, descriptor);
                usleep(300000);
            }
            errno = EIO;
            return -1;
        }
        int fdatasync(int descriptor) { return flush(SYS_fdatasync, descriptor); }
        int fsync(int descriptor) { return flush(SYS_fsync, descriptor); }
        """

    /// What the kernel says of the clock is KERNEL_CLOCK, a state of adjtimex(2); without it the
    /// call is not permitted, as under ProtectClock=.
    static let kernelClock = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <stdlib.h>
        #include <sys/timex.h>
        int adjtimex(struct timex *request) {
            const char *state = getenv("KERNEL_CLOCK");
            if (!state) { errno = EPERM; return -1; }
            request->status = atoi(state) == TIME_ERROR ? STA_UNSYNC : 0;
            return atoi(state);
        }
        """

    /// The path of the compiled library, in the daemon's own directory.
    static func library(_ source: String, for daemon: DaemonProcess) throws -> String {
        try library(source, in: daemon.directory)
    }

    static func library(_ source: String, in directory: TemporaryDirectory) throws -> String {
        let path = directory.path(of: "preload")
        try source.write(toFile: path + ".c", atomically: true, encoding: .utf8)
        let compiler = try Child(
            Program.tool("cc", package: "gcc"),
            ["-shared", "-fPIC", "-o", path + ".so", path + ".c"],
            environment: Program.environment())
        guard try compiler.wait() == .exited(0) else { throw HarnessFault(compiler.complaints) }
        return path + ".so"
    }
}
