// zlib (Debian's zlib1g-dev), called as it is: compress2 and crc32 for the PNG writer.
#include <zlib.h>
