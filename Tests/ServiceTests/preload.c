/* Between the daemon and the C library: a clock that can be moved, a disk that can hang. Either is
 * told by a file that is there or not, so that a test has a hand on a daemon that runs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Seconds to add to the wall clock; the monotonic clock stays true. */
int clock_gettime(clockid_t clock, struct timespec *time) {
    int status = syscall(SYS_clock_gettime, clock, time);
    if (clock != CLOCK_REALTIME) return status;
    int file = open("/run/test-clock", O_RDONLY | O_CLOEXEC);
    if (file < 0) return status;
    char text[32] = {0};
    if (read(file, text, sizeof text - 1) > 0) time->tv_sec += atol(text);
    close(file);
    return status;
}

/* A flush does not come back while the file is there. */
int fdatasync(int descriptor) {
    struct timespec moment = {.tv_nsec = 10000000};
    while (access("/run/test-disk-hangs", F_OK) == 0) nanosleep(&moment, 0);
    return syscall(SYS_fdatasync, descriptor);
}
