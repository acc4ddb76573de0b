// LMDB (Debian's liblmdb-dev), called as it is: its flags are plain macros that Swift imports. And
// the one thing about memory that Swift has no word for.
#pragma once
#include <lmdb.h>
#include <stddef.h>

/// Asks the processor to fetch bytes that will be read soon. Any address will do: nothing is read.
static inline void memory_prefetch(const void *_Nullable bytes, size_t count) {
    const char *line = (const char *)bytes;
    for (size_t offset = 0; offset < count; offset += 64) {
        __builtin_prefetch(line + offset);
    }
}
