/* A disk that takes longer: preloaded, it lets every flush take FLUSH_DELAY_US microseconds more
   than the real one does. Several may be under way at a time, as on a disk. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long delay;

__attribute__((constructor)) static void read_delay(void) {
    const char *text = getenv("FLUSH_DELAY_US");
    delay = text ? atol(text) : 0;
}

static int flush(long call, int file) {
    int status = (int)syscall(call, file);
    int code = errno;
    struct timespec rest = {delay / 1000000, delay % 1000000 * 1000};
    while (delay > 0 && nanosleep(&rest, &rest) != 0) {
    }
    errno = code;
    return status;
}

int fdatasync(int file) { return flush(SYS_fdatasync, file); }
int fsync(int file) { return flush(SYS_fsync, file); }
