// Reads lines as the module would read a reply, and prints a word for each: yes, no, or none when
// it is no answer. Usage: read_replies ID < LINES. Each line has its length, in decimal, before it.

#include <stdio.h>
#include <stdlib.h>

#include "question.h"

int main(int argc, char **argv)
{
    size_t length;
    struct reply reply;
    if (argc != 2)
        return 2;
    while (scanf("%zu", &length) == 1 && getchar() == ' ') {
        // As large as the line: a byte read beyond it is a fault that the sanitizer sees.
        char *line = malloc(length == 0 ? 1 : length);
        if (line == NULL || fread(line, 1, length, stdin) != length)
            return 2;
        puts(!read_reply(&reply, line, length, argv[1]) ? "none" : reply.ok ? "yes" : "no");
        free(line);
    }
    return 0;
}
