// Logs in through PAM as a program that looks closely: at its own memory, its descriptors, and
// under signals. It reads the code from standard input, each byte changed by 0x55, so that nowhere
// but in the conversation's answer is it as it was typed.
//
//     login SERVICE USER ADDRESS [signals|keeps]      prints what PAM returned
//
// It exits with 3 when the code is still in memory, and with 4 when descriptors were left open.
// `signals` interrupts it a thousand times a second. `keeps` leaves a copy of the code, to see that
// the search finds one.

#include <dirent.h>
#include <inttypes.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define MASK 0x55
// free() writes over so many bytes at the beginning: what stands behind them is searched for.
#define BYTES_OVERWRITTEN 16

static unsigned char masked[512];
static size_t length;
static char *kept;

static char *unmasked(void)
{
    char *text = calloc(1, length + 1);
    for (size_t index = 0; text != NULL && index < length; index++)
        text[index] = (char)(masked[index] ^ MASK);
    return text;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **answers,
                    void *wants_kept)
{
    *answers = calloc((size_t)count, sizeof **answers);
    for (int index = 0; index < count; index++) {
        if (messages[index]->msg_style == PAM_PROMPT_ECHO_OFF)
            (*answers)[index].resp = unmasked();
        if (wants_kept != NULL)
            kept = unmasked();
    }
    return PAM_SUCCESS;
}

static int holds_code(const unsigned char *begin, const unsigned char *end)
{
    for (; begin + length <= end; begin++) {
        size_t index = BYTES_OVERWRITTEN;
        while (index < length && (begin[index] ^ MASK) == masked[index])
            index++;
        if (index == length)
            return 1;
    }
    return 0;
}

// Every part of memory that may be written to.
static int is_code_in_memory(void)
{
    char line[512], access[8];
    uintptr_t begin, end;
    int found = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &begin, &end, access) == 3
            && strncmp(access, "rw", 2) == 0)
            found |= holds_code((unsigned char *)begin, (unsigned char *)end);
    if (maps == NULL || fclose(maps) != 0)
        abort();
    return found;
}

static int descriptors(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder == NULL || closedir(folder) != 0)
        abort();
    return count;
}

static void nothing(int number)
{
    (void)number;
}

static void interrupt_always(void)
{
    struct sigaction action = {.sa_handler = nothing};
    struct itimerval timer = {{0, 1000}, {0, 1000}};
    if (sigaction(SIGALRM, &action, NULL) != 0 || setitimer(ITIMER_REAL, &timer, NULL) != 0)
        abort();
}

int main(int argc, char **argv)
{
    pam_handle_t *pamh = NULL;
    const char *way = argc > 4 ? argv[4] : "";
    ssize_t count = read(STDIN_FILENO, masked, sizeof masked);
    if (argc < 4 || count <= BYTES_OVERWRITTEN)
        return 2;
    length = (size_t)count;
    struct pam_conv conversation = {converse, strcmp(way, "keeps") == 0 ? &kept : NULL};
    if (pam_start(argv[1], argv[2], &conversation, &pamh) != PAM_SUCCESS
        || pam_set_item(pamh, PAM_RHOST, argv[3]) != PAM_SUCCESS)
        return 2;
    int opened = descriptors();
    if (strcmp(way, "signals") == 0)
        interrupt_always();
    int status = pam_authenticate(pamh, 0);
    struct itimerval off = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &off, NULL);
    puts(pam_strerror(pamh, status));
    if (is_code_in_memory())
        return 3;
    if (descriptors() != opened)
        return 4;
    pam_end(pamh, status);
    free(kept);
    return status == PAM_SUCCESS ? 0 : 1;
}
