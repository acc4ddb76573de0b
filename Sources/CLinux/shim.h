// The little of Linux that Swift cannot reach: prctl(2) is a variadic function, struct ucred is
// declared only under _GNU_SOURCE, without which Swift imports glibc, as is renameat2(2), and
// malloc.h and timex.h are left out. And the one thing about memory that Swift has no word for.
#pragma once
#include <fcntl.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

// Keeps the process out of core dumps and away from ptrace(2). Returns 0, or -1 with errno.
static inline int linux_make_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

// Names the calling thread, in 15 bytes at most, as top(1) and /proc show it. Longer names are cut.
static inline void linux_name_thread(const char *_Nonnull name) {
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

// Renames, unless the new name is taken (rename(2), RENAME_NOREPLACE). Returns 0, or -1 with errno.
static inline int linux_rename_new(const char *_Nonnull from, const char *_Nonnull to) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u);
}

// struct ucred (unix(7), SO_PEERCRED): who connected.
struct linux_ucred {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
};

// Whether something keeps the clock right (adjtimex(2), which is asked and sets nothing): 1 yes, 0
// no, -1 when the kernel does not say.
static inline int linux_clock_is_synchronized(void) {
    struct timex request = {.modes = 0};
    int state = adjtimex(&request);
    if (state < 0) return -1;
    return state != TIME_ERROR && !(request.status & STA_UNSYNC);
}

// Asks the processor to fetch bytes that will be read soon. Any address will do: nothing is read.
static inline void memory_prefetch(const void *_Nullable bytes, size_t count) {
    const char *line = (const char *)bytes;
    for (size_t offset = 0; offset < count; offset += 64) {
        __builtin_prefetch(line + offset);
    }
}

// Where the ELF header of this program lies in memory; the linker makes the symbol. glibc has
// getauxval(3) and dl_iterate_phdr(3) for that, which Swift does not import.
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
static inline const void *_Nonnull linux_program_header(void) { return __ehdr_start; }
