// libqrencode (LGPL 2.1+, Debian's libqrencode-dev), called as it is: Swift needs no help with any
// of it.
#include <qrencode.h>
