// A directory of mode 0700 for one test. It goes when the test lets go of it, with all it holds.

import Foundation
import Testing

final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("\(NSTemporaryDirectory())totpd-store-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { template in
            template.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        try #require(made, "no temporary directory can be made")
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            Issue.record("\(path) stays behind: \(error)")
        }
    }

    func path(of name: String) -> String { "\(path)/\(name)" }
}

/// Permission bits of a file, without following a link.
func mode(of path: String) throws -> mode_t {
    var info = stat()
    try #require(lstat(path, &info) == 0, "\(path) is not there")
    return info.st_mode & 0o777
}
