// Whether what was printed was written: a list, a key or an answer that is cut short is none.

// `stdout` is a variable of C's, which nobody sets.
@preconcurrency import Glibc

package enum StandardOutput {
    /// Writes what is still held back. To be called at the end of a program, since what cannot be
    /// written is not told to whoever prints it. Throws when some of it, now or before, could not
    /// be written.
    package static func finish() throws(OutputFault) {
        guard fflush(stdout) == 0 else { throw OutputFault(errno) }
        guard ferror(stdout) == 0 else { throw OutputFault(nil) }
    }
}
