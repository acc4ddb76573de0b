// What errno(3) says, as in "permission denied".

import Glibc

package func errorText(_ number: Int32) -> String {
    guard let text = strerror(number) else { return "error \(number)" }
    return String(cString: text)
}
