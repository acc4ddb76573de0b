// What the subcommands that need no daemon have in common.

import Glibc
import Secrets

enum OfflineStore {
    /// - Parameter path: `-` is standard input.
    static func ring(_ path: String) throws -> KeyRing {
        do {
            guard !["-", "/dev/stdin"].contains(path) else {
                return try KeyFile.read(from: STDIN_FILENO)
            }
            return try KeyFile.read(path)
        } catch {
            throw ControlFault("key file '\(path)': \(error)")
        }
    }
}
