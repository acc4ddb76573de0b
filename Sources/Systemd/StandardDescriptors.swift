// Descriptors 0, 1 and 2, which a program may be started without. What is opened next would be one
// of them: what is meant for people would land in the store, in a key or on a socket.

import Glibc

package enum StandardDescriptors {
    /// Puts something in each one's place that can be neither read nor written, so that whoever
    /// uses it is told EBADF, as before. To be called before anything is opened; ends the process
    /// where it cannot.
    package static func hold() {
        for descriptor in STDIN_FILENO...STDERR_FILENO {
            guard fcntl(descriptor, F_GETFD) < 0 else { continue }
            let mode = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
            // The least number that is free is this one's: those before it are taken.
            guard open("/dev/null", mode) == descriptor else { _exit(1) }
        }
    }
}
