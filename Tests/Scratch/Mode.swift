// Permission bits of a file, as tests compare them.

import Foundation

/// Without following a link.
package func mode(of path: String) throws -> mode_t {
    var info = stat()
    guard lstat(path, &info) == 0 else { throw ScratchFault(call: "lstat \(path)", errno: errno) }
    return info.st_mode & 0o777
}
