// Checks that the output was written: a list or a key that is cut short is worthless.

// `stdout` is a variable of C's, which nobody sets.
@preconcurrency import Glibc

enum StandardOutput {
    /// Writes what is still held back. False when some of it, now or before, could not be written.
    static func finish() -> Bool { fflush(stdout) == 0 && ferror(stdout) == 0 }
}
