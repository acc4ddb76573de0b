// The few Linux calls that Swift cannot make: prctl(2) is a variadic function, and struct ucred is
// declared only under _GNU_SOURCE, without which Swift imports glibc.
#pragma once
#include <errno.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>

// Keeps the process out of core dumps and away from ptrace(2). Returns 0, or -1 with errno.
static inline int linux_make_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

struct linux_peer {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
};

// Who connected (SO_PEERCRED, unix(7)). Returns 0, or -1 with errno.
static inline int linux_peer_of(int descriptor, struct linux_peer *peer) {
    struct { int32_t pid; uint32_t uid; uint32_t gid; } credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
    if (size != sizeof credentials) { errno = EPROTO; return -1; }
    peer->pid = credentials.pid;
    peer->uid = credentials.uid;
    peer->gid = credentials.gid;
    return 0;
}
