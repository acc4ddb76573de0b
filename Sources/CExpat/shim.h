// Expat (Debian's libexpat1-dev), called as it is: XMLTree reads PSKC with it.
#include <expat.h>
