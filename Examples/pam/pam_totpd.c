// pam_totpd: asks for a code in sshd, sudo, su or login, and totpd whether it is right. Whatever is
// no clear yes is a no.

#include <limits.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <syslog.h>

#include "exchange.h"
#include "question.h"

#define EXPORTED __attribute__((visibility("default")))

#define SECONDS_DEFAULT 5
#define SECONDS_MAX 60
#define TOKEN_BYTES 16
// The same question is asked twice at most, with the same attempt.
#define TRIES_MAX 2

struct options {
    const char *socket;
    const char *app;
    int seconds;
    bool nullok;
};

struct token {
    char text[2 * TOKEN_BYTES + 1];
};

// The value of an argument "name=value", or NULL.
static const char *value_of(const char *argument, const char *name)
{
    size_t length = strlen(name);
    return strncmp(argument, name, length) == 0 && argument[length] == '='
        ? argument + length + 1 : NULL;
}

// False when an argument is unknown or wrong: a misspelt one must not weaken anything.
static bool read_options(pam_handle_t *pamh, struct options *options, int argc, const char **argv)
{
    *options = (struct options){
        .socket = "/run/totpd/host.sock", .app = "host", .seconds = SECONDS_DEFAULT};
    for (int index = 0; index < argc; index++) {
        const char *value;
        char *end = NULL;
        bool is_known = true;
        if (strcmp(argv[index], "nullok") == 0) {
            options->nullok = true;
        } else if ((value = value_of(argv[index], "socket")) != NULL && *value == '/') {
            options->socket = value;
        } else if ((value = value_of(argv[index], "app")) != NULL && *value != '\0') {
            options->app = value;
        } else if ((value = value_of(argv[index], "timeout")) != NULL) {
            long seconds = strtol(value, &end, 10);
            is_known = end != value && *end == '\0' && seconds >= 1 && seconds <= SECONDS_MAX;
            options->seconds = is_known ? (int)seconds : 0;
        } else {
            is_known = false;
        }
        if (!is_known) {
            pam_syslog(pamh, LOG_ERR, "argument %d is unknown or wrong: %s", index + 1,
                       argv[index]);
            return false;
        }
    }
    return true;
}

static bool draw(struct token *token)
{
    unsigned char bytes[TOKEN_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return false;
    for (size_t index = 0; index < sizeof bytes; index++)
        snprintf(token->text + 2 * index, 3, "%02x", bytes[index]);
    explicit_bzero(bytes, sizeof bytes);
    return true;
}

// False when no answer came. A lost answer is asked for once more, while there is time: the same
// attempt gets the same answer.
static bool ask(const struct options *options, struct question question, struct reply *reply)
{
    struct timespec deadline = deadline_in(options->seconds);
    struct request request;
    struct token id;
    char line[REPLY_BYTES_MAX];
    bool is_answer = false;

    *reply = (struct reply){.ok = false, .refusal = REFUSAL_OTHER, .retry_after = -1};
    if (!draw(&id))
        return false;
    question.id = id.text;
    question.app = options->app;
    write_request(&request, &question);
    for (int tries = 0; request.is_whole && !is_answer && tries < TRIES_MAX; tries++) {
        ssize_t length = exchange(
            options->socket, deadline, request.bytes, request.length, line, sizeof line);
        is_answer = length > 0 && read_reply(reply, line, (size_t)length, id.text);
    }
    explicit_bzero(&request, sizeof request);
    return is_answer;
}

// Only a clear "enrolled":false lets a person pass without a code, and only with nullok.
static bool needs_no_code(const struct options *options, const char *user)
{
    struct reply reply;
    return options->nullok
        && ask(options, (struct question){.op = "status", .user = user}, &reply)
        && reply.ok && reply.is_not_enrolled;
}

// What the person may read. Who is not enrolled reads what a wrong code brings.
static void tell(pam_handle_t *pamh, int flags, const struct reply *reply)
{
    if (((unsigned)flags & PAM_SILENT) != 0)
        return;
    switch (reply->refusal) {
    case REFUSAL_REPLAYED:
        pam_error(pamh, "That code was used already. Wait for the next one.");
        break;
    case REFUSAL_LOCKED:
        pam_error(pamh, "Codes from your app are locked. Use a backup code.");
        break;
    case REFUSAL_CLOCK_BEHIND:
        pam_error(pamh, "Codes from your app cannot be checked now. Use a backup code.");
        break;
    case REFUSAL_THROTTLED:
        pam_error(pamh, "Too many wrong codes. Try again in %lld seconds.", reply->retry_after);
        break;
    case REFUSAL_BAD_CODE:
    case REFUSAL_NOT_ENROLLED:
    case REFUSAL_WRONG_CODE:
        pam_error(pamh, "That code is not right.");
        break;
    case REFUSAL_OTHER:
        pam_error(pamh, "Codes cannot be checked now.");
        break;
    }
}

// The log has the reason. sshd and sudo log who it was; a person may type the password there.
static int outcome(pam_handle_t *pamh, int flags, bool is_answer, const struct reply *reply)
{
    static const char *const names[] = {
        [REFUSAL_BAD_CODE] = "not a code",       [REFUSAL_CLOCK_BEHIND] = "clock_behind",
        [REFUSAL_LOCKED] = "locked",             [REFUSAL_NOT_ENROLLED] = "not_enrolled",
        [REFUSAL_REPLAYED] = "replayed",         [REFUSAL_THROTTLED] = "throttled",
        [REFUSAL_WRONG_CODE] = "wrong_code",
    };
    if (is_answer && reply->ok)
        return PAM_SUCCESS;
    tell(pamh, flags, reply);
    if (is_answer && reply->refusal != REFUSAL_OTHER) {
        pam_syslog(pamh, LOG_NOTICE, "refused: %s", names[reply->refusal]);
        return PAM_AUTH_ERR;
    }
    pam_syslog(pamh, LOG_ERR, is_answer ? "refused: totpd cannot decide, see its own log"
                                        : "refused: no answer from totpd in time");
    return PAM_AUTHINFO_UNAVAIL;
}

static int verify(pam_handle_t *pamh, int flags, const struct options *options, const char *user,
                  const char *code)
{
    struct reply reply = {.refusal = REFUSAL_BAD_CODE, .retry_after = -1};
    struct token attempt;
    const void *remote = NULL;
    bool is_answer = true;
    if (is_code(code)) {
        if (pam_get_item(pamh, PAM_RHOST, &remote) != PAM_SUCCESS || !draw(&attempt))
            return PAM_AUTHINFO_UNAVAIL;
        is_answer = ask(options, (struct question){
            .op = "verify", .user = user, .code = code, .attempt = attempt.text,
            .source = remote != NULL && is_address(remote) ? remote : NULL}, &reply);
        explicit_bzero(&attempt, sizeof attempt);
    }
    return outcome(pamh, flags, is_answer, &reply);
}

EXPORTED int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    struct options options;
    const char *user = NULL;
    char *code = NULL;
    if (!read_options(pamh, &options, argc, argv))
        return PAM_SERVICE_ERR;
    int status = pam_get_user(pamh, &user, NULL);
    if (status != PAM_SUCCESS)
        return status == PAM_CONV_AGAIN ? PAM_INCOMPLETE : status;
    if (user == NULL || *user == '\0')
        return PAM_USER_UNKNOWN;
    // No success, which `sufficient` would take for a login: this module has nothing to say.
    if (needs_no_code(&options, user))
        return PAM_IGNORE;

    // A string of this call alone: as PAM_AUTHTOK other modules would see it.
    status = pam_prompt(pamh, PAM_PROMPT_ECHO_OFF, &code, "Verification code: ");
    if (status != PAM_SUCCESS || code == NULL) {
        if (code != NULL)
            explicit_bzero(code, strlen(code));
        free(code);
        return status == PAM_CONV_AGAIN ? PAM_INCOMPLETE : PAM_AUTH_ERR;
    }
    status = verify(pamh, flags, &options, user, code);
    explicit_bzero(code, strlen(code));
    free(code);
    return status;
}

// There are no credentials to set. Not an error: a stack of this module alone would end in one.
EXPORTED int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    (void)pamh, (void)flags, (void)argc, (void)argv;
    return PAM_SUCCESS;
}
