// What is asked and what was answered, as bytes: a request line to write, a reply line to read.
// Nothing here does input or output.

#pragma once

#include <stdbool.h>
#include <stddef.h>

#define REQUEST_BYTES_MAX 16384
#define REPLY_BYTES_MAX 16384

struct question {
    const char *op;
    const char *app;
    const char *user;
    const char *code;     // NULL when the operation takes none
    const char *source;   // NULL when unknown
    const char *attempt;  // NULL when the operation takes none
    const char *id;
};

struct request {
    char bytes[REQUEST_BYTES_MAX];
    size_t length;
    bool is_whole;  // false when it had no room, or when memory for it was short
};

// In the words of protocol.md. What has no name here is OTHER, and no answer to the person.
enum refusal {
    REFUSAL_OTHER,
    REFUSAL_BAD_CODE,
    REFUSAL_CLOCK_BEHIND,
    REFUSAL_LOCKED,
    REFUSAL_NOT_ENROLLED,
    REFUSAL_REPLAYED,
    REFUSAL_THROTTLED,
    REFUSAL_WRONG_CODE,
};

struct reply {
    bool ok;
    bool is_not_enrolled;  // "enrolled" is there, and false
    enum refusal refusal;  // when ok is false
    long long retry_after; // in seconds; -1 when absent
};

// Writes the line that asks. Wipe it when it had a code.
void write_request(struct request *request, const struct question *question);

// Reads one whole line with its LF, and nothing behind it. False when it is no answer to the
// request with this id; then the reply is a no.
bool read_reply(struct reply *reply, const char *bytes, size_t length, const char *id);

// Whether totpd could take this for a code: 1 to 64 bytes of printable ASCII.
bool is_code(const char *text);

// Whether this is an IPv4 or IPv6 address, with or without a zone. Names are none: the owner of an
// address chooses the name that it resolves to.
bool is_address(const char *text);
