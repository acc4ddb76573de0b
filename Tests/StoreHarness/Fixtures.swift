// Where old stores and records lie, and whether new ones may be written beside them.

import Foundation

package enum Fixtures {
    package static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

    package static let mayWrite = ProcessInfo.processInfo.environment["TOTPD_WRITE_FIXTURES"] == "1"
}
