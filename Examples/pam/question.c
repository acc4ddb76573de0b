// The JSON of a request, written by hand so that no code is copied to where it cannot be wiped, and
// the JSON of a reply, read by jansson.

#include "question.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define CODE_BYTES_MAX 64
#define ADDRESS_BYTES_MAX 64

static void put(struct request *request, const char *bytes, size_t length)
{
    if (!request->is_whole || length > sizeof request->bytes - request->length) {
        request->is_whole = false;
        return;
    }
    memcpy(request->bytes + request->length, bytes, length);
    request->length += length;
}

static void put_text(struct request *request, const char *text)
{
    put(request, text, strlen(text));
}

// A string as RFC 8259 wants it. totpd refuses what is no UTF-8.
static void put_string(struct request *request, const char *text)
{
    put_text(request, "\"");
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        char escaped[8];
        if (byte < 0x20) {
            snprintf(escaped, sizeof escaped, "\\u%04x", byte);
            put_text(request, escaped);
            continue;
        }
        if (byte == '"' || byte == '\\')
            put_text(request, "\\");
        put(request, text, 1);
    }
    put_text(request, "\"");
}

static void put_field(struct request *request, const char *name, const char *value)
{
    if (value == NULL)
        return;
    put_text(request, request->length == 0 ? "{" : ",");
    put_string(request, name);
    put_text(request, ":");
    put_string(request, value);
}

void write_request(struct request *request, const struct question *question)
{
    request->length = 0;
    request->is_whole = true;
    put_field(request, "id", question->id);
    put_field(request, "op", question->op);
    put_field(request, "app", question->app);
    put_field(request, "user", question->user);
    put_field(request, "code", question->code);
    put_field(request, "source", question->source);
    put_field(request, "attempt", question->attempt);
    put_text(request, "}\n");
}

// The name of a refusal, and for bad_request also the field.
static enum refusal refusal_of(const json_t *object)
{
    static const struct {
        const char *name;
        enum refusal refusal;
    } known[] = {
        {"clock_behind", REFUSAL_CLOCK_BEHIND}, {"locked", REFUSAL_LOCKED},
        {"not_enrolled", REFUSAL_NOT_ENROLLED}, {"replayed", REFUSAL_REPLAYED},
        {"throttled", REFUSAL_THROTTLED},       {"wrong_code", REFUSAL_WRONG_CODE},
    };
    const char *error = json_string_value(json_object_get(object, "error"));
    const char *field = json_string_value(json_object_get(object, "field"));
    if (error == NULL)
        return REFUSAL_OTHER;
    if (strcmp(error, "bad_request") == 0 && field != NULL && strcmp(field, "code") == 0)
        return REFUSAL_BAD_CODE;
    for (size_t index = 0; index < sizeof known / sizeof *known; index++)
        if (strcmp(error, known[index].name) == 0)
            return known[index].refusal;
    return REFUSAL_OTHER;
}

// False when the object answers another request, or says neither yes nor no.
static bool read_object(struct reply *reply, const json_t *object, const char *id)
{
    const char *its_id = json_string_value(json_object_get(object, "id"));
    const json_t *ok = json_object_get(object, "ok");
    if (its_id == NULL || strcmp(its_id, id) != 0 || !json_is_boolean(ok))
        return false;
    const json_t *seconds = json_object_get(object, "retry_after");
    reply->is_not_enrolled = json_is_false(json_object_get(object, "enrolled"));
    reply->retry_after = json_is_integer(seconds) ? json_integer_value(seconds) : -1;
    reply->refusal = refusal_of(object);
    reply->ok = json_is_true(ok);
    return true;
}

bool read_reply(struct reply *reply, const char *bytes, size_t length, const char *id)
{
    *reply = (struct reply){.ok = false, .refusal = REFUSAL_OTHER, .retry_after = -1};
    const char *end = memchr(bytes, '\n', length);
    // jansson reads over a NUL behind a number.
    if (end == NULL || end != bytes + length - 1 || memchr(bytes, '\0', length) != NULL)
        return false;
    json_t *object = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
    bool is_answer = json_is_object(object) && read_object(reply, object, id);
    json_decref(object);
    return is_answer;
}

bool is_code(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length > CODE_BYTES_MAX)
        return false;
    for (; *text != '\0'; text++)
        if (*text < 0x20 || *text > 0x7e)
            return false;
    return true;
}

bool is_address(const char *text)
{
    char address[ADDRESS_BYTES_MAX];
    struct in6_addr parsed;
    size_t length = strcspn(text, "%");
    if (length >= sizeof address || strlen(text) >= sizeof address)
        return false;
    memcpy(address, text, length);
    address[length] = '\0';
    if (inet_pton(AF_INET6, address, &parsed) == 1)
        return true;
    return text[length] == '\0' && inet_pton(AF_INET, address, &parsed) == 1;
}
