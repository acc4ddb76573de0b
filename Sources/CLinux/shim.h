// The little of Linux that Swift cannot reach: prctl(2) is a variadic function, struct ucred is
// declared only under _GNU_SOURCE, without which Swift imports glibc, and malloc.h is left out.
#pragma once
#include <malloc.h>
#include <stdint.h>
#include <sys/prctl.h>

// Keeps the process out of core dumps and away from ptrace(2). Returns 0, or -1 with errno.
static inline int linux_make_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

// struct ucred (unix(7), SO_PEERCRED): who connected.
struct linux_ucred {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
};
