// A directory of mode 0700 for one test. It goes when the test lets go of it, with all it holds.

import Foundation

package final class TemporaryDirectory: Sendable {
    package let path: String

    /// - Parameter isInMemory: where flushes cost nothing, if there is such a place.
    package init(isInMemory: Bool = false) throws {
        let memory = "/dev/shm"
        let place =
            isInMemory && FileManager.default.isWritableFile(atPath: memory)
            ? memory : NSTemporaryDirectory()
        var template = Array("\(place)/totpd-XXXXXX".utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { template in
            template.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        guard isMade else { throw ScratchFault(call: "mkdtemp", errno: errno) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            .replacing("//", with: "/")
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            // A deinit cannot throw, and the test's own verdict should stand.
            print("\(path) stays behind: \(error)")
        }
    }

    package func path(of name: String) -> String { "\(path)/\(name)" }
}
