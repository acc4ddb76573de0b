// The socket: never blocking, so that the deadline holds for each call and for all of them.

#include "exchange.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// While totpd's queue is full, the kernel refuses at once who does not wait: try again after this.
#define QUEUE_PAUSE_MS 10

struct timespec deadline_in(int seconds)
{
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += seconds;
    return deadline;
}

// Milliseconds, rounded up so that the last one is not a busy wait; 0 when the time is over.
static int left_until(struct timespec deadline)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long nanoseconds = (deadline.tv_sec - now.tv_sec) * 1000000000LL;
    nanoseconds += deadline.tv_nsec - now.tv_nsec;
    return nanoseconds <= 0 ? 0 : (int)((nanoseconds + 999999) / 1000000);
}

// Waits until the socket is ready or a signal came: the caller tries again either way. False when
// the time is over.
static bool waited(int descriptor, short events, struct timespec deadline)
{
    struct pollfd polled = {.fd = descriptor, .events = events};
    int left = left_until(deadline);
    if (left == 0)
        return false;
    int count = poll(&polled, 1, left);
    return count > 0 || (count < 0 && errno == EINTR);
}

// A pause of the queue, or less when the time is over before.
static bool paused(struct timespec deadline)
{
    int left = left_until(deadline);
    if (left == 0)
        return false;
    int count = poll(NULL, 0, left < QUEUE_PAUSE_MS ? left : QUEUE_PAUSE_MS);
    return count == 0 || errno == EINTR;
}

static bool connected(int descriptor, const char *path, struct timespec deadline)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof address.sun_path)
        return false;
    memcpy(address.sun_path, path, length);
    while (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        if (errno != EAGAIN && errno != EINTR)
            return false;
        if (!paused(deadline))
            return false;
    }
    return true;
}

static bool sent(int descriptor, const char *bytes, size_t length, struct timespec deadline)
{
    while (length > 0) {
        ssize_t count = send(descriptor, bytes, length, MSG_NOSIGNAL);
        if (count >= 0) {
            bytes += count;
            length -= (size_t)count;
        } else if (errno != EINTR && errno != EAGAIN) {
            return false;
        } else if (!waited(descriptor, POLLOUT, deadline)) {
            return false;
        }
    }
    return true;
}

// One whole line and nothing behind it.
static ssize_t line_from(int descriptor, char *reply, size_t size, struct timespec deadline)
{
    size_t length = 0;
    while (length < size) {
        ssize_t count = recv(descriptor, reply + length, size - length, 0);
        if (count > 0) {
            const char *end = memchr(reply + length, '\n', (size_t)count);
            length += (size_t)count;
            if (end != NULL)
                return end == reply + length - 1 ? (ssize_t)length : -1;
            // A byte now and then must not hold the loop: the deadline is looked at here too.
            if (left_until(deadline) == 0)
                return -1;
        } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
            return -1;
        } else if (!waited(descriptor, POLLIN, deadline)) {
            return -1;
        }
    }
    return -1;
}

ssize_t exchange(const char *path, struct timespec deadline, const char *request,
                 size_t request_length, char *reply, size_t reply_size)
{
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return -1;
    ssize_t length = -1;
    if (connected(descriptor, path, deadline)
        && sent(descriptor, request, request_length, deadline))
        length = line_from(descriptor, reply, reply_size, deadline);
    close(descriptor);
    return length;
}
