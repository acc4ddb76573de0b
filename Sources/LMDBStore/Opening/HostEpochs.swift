// What a host keeps outside of the state directory, where only root writes: the epoch of the last
// start that was ready, and the one that the next start takes. A script that runs as root before
// and after each start draws the second, and makes it the first (systemd/epoch).

import Glibc
import Secrets

package struct HostEpochs: Equatable, Sendable {
    /// Nil before the first start, and where somebody has removed it.
    package let last: Epoch?
    /// Nil when none was drawn: then the store keeps what it has.
    package let next: Epoch?

    package init(last: Epoch?, next: Epoch?) { (self.last, self.next) = (last, next) }

    /// Reads `path`, and beside it `path.next`.
    package init(path: String) throws(OpeningRefusal) {
        self.init(
            last: try Self.read(path), next: try Self.read(path + ".next"))
    }

    /// Whether a store is the one that started here last, or one that was stopped while it started.
    func accept(_ epoch: Epoch?) -> Bool {
        guard let last else { return true }
        guard let epoch else { return false }
        return epoch == last || epoch == next
    }

    private static func read(_ path: String) throws(OpeningRefusal) -> Epoch? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw .epoch(path, errorText(errno)) }
        defer { close(descriptor) }
        var line = [UInt8](repeating: 0, count: 2 * Epoch.byteCount + 2)
        let count = Glibc.read(descriptor, &line, line.count)
        guard count >= 0 else { throw .epoch(path, errorText(errno)) }
        let epoch = line.withUnsafeBytes {
            Epoch(line: UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
        guard let epoch else { throw .epoch(path, "it is not 32 hexadecimal digits") }
        return epoch
    }
}
