// LMDB (Debian's liblmdb-dev), called as it is: its flags are plain macros that Swift imports.
#pragma once
#include <lmdb.h>
