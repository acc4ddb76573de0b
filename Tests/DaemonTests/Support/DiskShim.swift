// C between a store and the C library. It records every call that touches the state directory, and
// can end the process at any of them. Otherwise it changes nothing about a call.
//
// DISK_STATE is the directory, DISK_TRACE the file that grows by a record for each call, and by one
// for each line on standard output. DISK_KILL_AT counts these; DISK_KILL_HOW is `before`, `after`,
// or a number of bytes of a write that still happen. All calls take turns, so that the order in the
// trace is the order on the disk. A flush takes two, at its beginning and at its end, and lets
// others go on between them. It takes FLUSH_TIME microseconds at least, and about twice that at
// most.

enum DiskShim {
    static let source = head + calls

    private static let head = #"""
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <pthread.h>
        #include <signal.h>
        #include <stdarg.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/uio.h>
        #include <unistd.h>

        static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
        static const char *names[] = {"?", "log.0", "log.1", "data.mdb", ".", "lock.mdb",
                                      "totpd.lock", "reply"};
        enum { NONE, DIRECTORY = 4, REPLY = 7, OTHER = 8 };

        /* Which file of the state directory a descriptor is. */
        static int which(int descriptor) {
            const char *state = getenv("DISK_STATE");
            char link[64], path[4096];
            if (!state || !getenv("DISK_TRACE")) return NONE;
            snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
            ssize_t length = readlink(link, path, sizeof path - 1);
            if (length < 0) return NONE;
            path[length] = 0;
            size_t prefix = strlen(state);
            if (strncmp(path, state, prefix)) return NONE;
            if (!path[prefix]) return DIRECTORY;
            for (int i = 1; i < REPLY; i++)
                if (path[prefix] == '/' && !strcmp(path + prefix + 1, names[i])) return i;
            return path[prefix] == '/' ? OTHER : NONE;
        }

        static void die(void) {
            syscall(SYS_kill, getpid(), SIGKILL);
            for (;;) pause();
        }

        static void record(char kind, int file, int isDurable, uint64_t offset,
                           const void *bytes, uint32_t length) {
            struct { char kind, file, isDurable, padding; uint32_t length; uint64_t offset; }
                header = {kind, file, isDurable, 0, length, offset};
            struct iovec parts[2] = {{&header, sizeof header}, {(void *)bytes, length}};
            int trace = syscall(SYS_openat, AT_FDCWD, getenv("DISK_TRACE"),
                                O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
            syscall(SYS_writev, trace, parts, 2);
            syscall(SYS_close, trace);
        }

        /* Takes a turn. Returns how the process shall end at this call: 0 not at all. */
        static const char *begin(void) {
            static long calls;
            pthread_mutex_lock(&turn);
            const char *at = getenv("DISK_KILL_AT");
            if (!at || ++calls != atol(at)) return 0;
            const char *how = getenv("DISK_KILL_HOW");
            if (!strcmp(how, "before")) die();
            return how;
        }

        static long end(long status) {
            pthread_mutex_unlock(&turn);
            return status;
        }

        /* A call that leaves nothing to be lost. */
        static long other(int file, char kind, long status, const char *how) {
            record(kind, file, 0, 0, 0, 0);
            if (how) die();
            return end(status);
        }

        """#

    private static let calls = #"""
        static ssize_t put(int file, int d, const char *bytes, size_t count, off_t at) {
            const char *how = begin();
            if (how && strcmp(how, "after")) {
                size_t part = atol(how);
                if (part < count) count = part;
            }
            ssize_t done = at < 0 ? syscall(SYS_write, d, bytes, count)
                                  : syscall(SYS_pwrite64, d, bytes, count, at);
            if (at < 0 && file != REPLY) at = syscall(SYS_lseek, d, 0, SEEK_CUR) - done;
            /* A process that dies in it has not been told that it is on the disk. */
            int isDurable = !how && (fcntl(d, F_GETFL) & O_DSYNC) == O_DSYNC;
            if (done >= 0) record('W', file, isDurable, at < 0 ? 0 : at, bytes, done);
            if (how) die();
            return end(done);
        }

        static ssize_t putAll(int file, int d, const struct iovec *parts, int count, off_t at) {
            size_t all = 0, done = 0;
            for (int i = 0; i < count; i++) all += parts[i].iov_len;
            char *joined = malloc(all);
            for (int i = 0; i < count; done += parts[i++].iov_len)
                memcpy(joined + done, parts[i].iov_base, parts[i].iov_len);
            ssize_t written = put(file, d, joined, all, at);
            free(joined);
            return written;
        }

        static int flush(int call, int d) {
            static uint64_t flushes;
            int file = which(d);
            if (!file) return syscall(call, d);
            const char *how = begin();
            uint64_t number = ++flushes;
            record('B', file, 0, number, 0, 0);
            if (how) die();
            end(0);
            // A slow disk: flushes that overlap take different times, and so end out of order.
            const char *time = getenv("FLUSH_TIME");
            if (time) usleep(atol(time) + number * 7919 % (atol(time) + 1));
            int status = syscall(call, d);
            how = begin();
            if (how) die();
            record('F', file, 0, number, 0, 0);
            return end(status);
        }

        ssize_t write(int d, const void *b, size_t n) {
            int file = d == 1 && getenv("DISK_TRACE") ? REPLY : which(d);
            return file ? put(file, d, b, n, -1) : syscall(SYS_write, d, b, n);
        }
        ssize_t pwrite64(int d, const void *b, size_t n, off_t at) {
            int file = which(d);
            return file ? put(file, d, b, n, at) : syscall(SYS_pwrite64, d, b, n, at);
        }
        ssize_t pwrite(int d, const void *b, size_t n, off_t at) { return pwrite64(d, b, n, at); }
        ssize_t writev(int d, const struct iovec *v, int n) {
            int file = which(d);
            return file ? putAll(file, d, v, n, -1) : syscall(SYS_writev, d, v, n);
        }
        ssize_t pwritev64(int d, const struct iovec *v, int n, off_t at) {
            int file = which(d);
            return file ? putAll(file, d, v, n, at) : syscall(SYS_pwritev, d, v, n, at, 0);
        }
        ssize_t pwritev(int d, const struct iovec *v, int n, off_t at) {
            return pwritev64(d, v, n, at);
        }
        int fdatasync(int d) { return flush(SYS_fdatasync, d); }
        int fsync(int d) { return flush(SYS_fsync, d); }

        int ftruncate64(int d, off_t length) {
            int file = which(d);
            if (!file) return syscall(SYS_ftruncate, d, length);
            const char *how = begin();
            int status = syscall(SYS_ftruncate, d, length);
            record('T', file, 0, length, 0, 0);
            if (how) die();
            return end(status);
        }
        int ftruncate(int d, off_t length) { return ftruncate64(d, length); }

        static int openPath(int directory, const char *path, int flags, mode_t mode) {
            const char *state = getenv("DISK_STATE");
            if (!state || !getenv("DISK_TRACE") ||
                (path[0] == '/' && strncmp(path, state, strlen(state))))
                return syscall(SYS_openat, directory, path, flags, mode);
            const char *how = begin();
            int d = syscall(SYS_openat, directory, path, flags, mode);
            return other(d < 0 ? NONE : which(d), 'O', d, how);
        }
        #define OPEN(name) int name(const char *path, int flags, ...) { \
            va_list rest; va_start(rest, flags); \
            mode_t mode = flags & O_CREAT ? va_arg(rest, int) : 0; va_end(rest); \
            return openPath(AT_FDCWD, path, flags, mode); }
        #define OPENAT(name) int name(int d, const char *path, int flags, ...) { \
            va_list rest; va_start(rest, flags); \
            mode_t mode = flags & O_CREAT ? va_arg(rest, int) : 0; va_end(rest); \
            return openPath(d, path, flags, mode); }
        OPEN(open) OPEN(open64) OPENAT(openat) OPENAT(openat64)

        int close(int d) {
            int file = which(d);
            if (!file) return syscall(SYS_close, d);
            const char *how = begin();
            return other(file, 'X', syscall(SYS_close, d), how);
        }
        static void *mapped(void *a, size_t n, int p, int f, int d, off_t at) {
            void *start = (void *)syscall(SYS_mmap, a, n, p, f, d, at);
            int file = d < 0 ? NONE : which(d);
            if (!file) return start;
            const char *how = begin();
            return (void *)other(file, 'M', (long)start, how);
        }
        void *mmap(void *a, size_t n, int p, int f, int d, off_t at) {
            return mapped(a, n, p, f, d, at);
        }
        void *mmap64(void *a, size_t n, int p, int f, int d, off_t at) {
            return mapped(a, n, p, f, d, at);
        }

        """#
}
