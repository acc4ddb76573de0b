// Words for people go to standard error, so that standard output stays for programs.

// `stderr` is a variable of C's, which nobody sets.
@preconcurrency import Glibc
import Systemd

func printError(_ line: String) {
    // `StandardError.finish` knows what could not be written.
    let bytes = Array((line + "\n").utf8)
    _ = fwrite(bytes, 1, bytes.count, stderr)
}

enum StandardError {
    /// To be called at the end of a program. Throws when something that was said, now or before,
    /// could not be written: nobody has read it.
    static func finish() throws(OutputFault) {
        guard fflush(stderr) == 0, ferror(stderr) == 0 else { throw OutputFault(nil) }
    }
}
