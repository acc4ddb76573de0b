// Words for people go to standard error, so that standard output stays for programs.

import Glibc

func printError(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // Nobody could be told of a failure to write the failure.
    _ = write(STDERR_FILENO, bytes, bytes.count)
}
