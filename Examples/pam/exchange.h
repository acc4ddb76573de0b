// One request line to a Unix socket and one reply line back, before a moment that is fixed.

#pragma once

#include <stddef.h>
#include <sys/types.h>
#include <time.h>

// The moment so many seconds from now, by the clock that nobody can set.
struct timespec deadline_in(int seconds);

// The length of the whole line that came, with its LF, or -1 when none came in time. Each call is a
// connection of its own. No signal shortens or lengthens it, and SIGPIPE is not raised.
ssize_t exchange(const char *path, struct timespec deadline, const char *request,
                 size_t request_length, char *reply, size_t reply_size);
