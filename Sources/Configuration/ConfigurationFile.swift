// Reads the whole of totpd.toml. It refuses a file that others may write to, because the file says
// who speaks for which app.

import Glibc
import Secrets

package struct ConfigurationFile: Sendable {
    /// Where the file is looked for when nobody says where it is.
    package static let defaultPath = "/etc/totpd/totpd.toml"
    /// A hundred apps with every setting there is. An app takes about 600 bytes.
    static let bytesMax = 65_536

    package let path: String
    /// Whether defaults hold when there is no file.
    package let isOptional: Bool

    package init(path: String, isOptional: Bool) {
        self.path = path
        self.isOptional = isOptional
    }

    package func read(_ names: UnixNames = .ofThisHost) throws(ConfigurationFileFault)
        -> Configuration
    {
        guard let text = try text() else { return .standard }
        do throws(ConfigurationRefusal) {
            return try ConfigurationReader.read(text, names: names)
        } catch {
            throw fault(error.faults)
        }
    }

    private func fault(_ reason: String) -> ConfigurationFileFault {
        fault([ConfigurationFault(line: nil, reason: reason)])
    }

    private func fault(_ faults: [ConfigurationFault]) -> ConfigurationFileFault {
        ConfigurationFileFault(
            sentences: faults.map { fault in
                let place = fault.line.map { "\(path):\($0)" } ?? path
                return "\(place): \(fault.reason)"
            })
    }

    private func text() throws(ConfigurationFileFault) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0, errno == ENOENT, isOptional { return nil }
        guard descriptor >= 0 else { throw fault(errorText(errno)) }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw fault(errorText(errno)) }
        guard info.st_mode & S_IFMT == S_IFREG else { throw fault("this is not a file") }
        guard info.st_uid == 0 || info.st_uid == geteuid() else {
            throw fault("it belongs to user \(info.st_uid); root is expected")
        }
        guard info.st_mode & 0o022 == 0 else {
            throw fault("others may write to it; chmod go-w is expected")
        }
        return try contents(of: descriptor)
    }

    private func contents(of descriptor: Int32) throws(ConfigurationFileFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.bytesMax + 1)
        var count = 0
        while count < bytes.count {
            let status = bytes[count...].withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if status < 0, errno == EINTR { continue }
            guard status >= 0 else { throw fault(errorText(errno)) }
            if status == 0 { return Array(bytes[..<count]) }
            count += status
        }
        throw fault("it is too long; \(Self.bytesMax) bytes at most are expected")
    }
}
