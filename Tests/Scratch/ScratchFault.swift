// Why a test has no place of its own on the disk.

import Foundation

package struct ScratchFault: Error, CustomStringConvertible, Sendable {
    package let description: String

    package init(call: String, errno: Int32) {
        description = "\(call): \(strerror(errno).map { String(cString: $0) } ?? "?")"
    }
}
