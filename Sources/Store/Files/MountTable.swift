// Which file systems a path leads to, as this process sees them (proc_pid_mountinfo(5)): a service
// may have a /tmp of its own, and most of the rest read-only. The name of a path does not tell,
// because of links and mounts.

import Glibc

package struct MountTable: Equatable, Sendable {
    package struct Mount: Equatable, Sendable {
        /// What of its file system is mounted.
        package let root: String
        package let point: String
        package let type: String
        package let isReadOnly: Bool
        /// Whether others have it too: it gets their changes (mount_namespaces(7)).
        package let isShared: Bool
    }

    package let mounts: [Mount]
    /// Whether systemd started this process as a service.
    package let isService: Bool

    /// - Parameter text: of /proc/self/mountinfo. A line that is none is passed over.
    package init(_ text: String, isService: Bool) {
        mounts = text.split(separator: "\n").compactMap(Mount.init)
        self.isService = isService
    }

    /// Nothing is known when there is no table: then nothing is hidden.
    package static func ofThisProcess() -> MountTable {
        let isService = getenv("INVOCATION_ID") != nil
        guard let file = fopen("/proc/self/mountinfo", "re") else {
            return MountTable("", isService: isService)
        }
        defer { fclose(file) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { break }
            text += chunk[..<count]
        }
        return MountTable(String(decoding: text, as: UTF8.self), isService: isService)
    }

    /// The topmost mount that a path without links lies on.
    package func mount(of path: String) -> Mount? {
        var found: Mount?
        for mount in mounts where Self.covers(mount.point, path) {
            if mount.point.utf8.count >= found?.point.utf8.count ?? 0 { found = mount }
        }
        return found
    }

    private static func covers(_ point: String, _ path: String) -> Bool {
        point == "/" || path == point || path.hasPrefix(point + "/")
    }

    /// Whether what lies there is this service's alone, and goes with it: PrivateTmp= binds a
    /// directory of that name, or mounts memory that nobody else has.
    package func isHidden(_ mount: Mount) -> Bool {
        if mount.root.split(separator: "/").contains(where: { $0.hasPrefix("systemd-private-") }) {
            return true
        }
        return isService && !mount.isShared && ["tmpfs", "ramfs"].contains(mount.type)
    }

    /// Where a service may write, but for the kernel's own file systems and what is hidden.
    package func places(_ mayWrite: (String) -> Bool) -> [String] {
        let points = mounts.filter { mount in
            mount.point != "/" && !mount.isReadOnly && !isHidden(mount)
                && !Self.ofTheKernel.contains(mount.type)
                && self.mount(of: mount.point) == mount
        }.map(\.point)
        return Set(points).sorted().filter(mayWrite)
    }

    /// As a directory, by this process.
    package static func mayWrite(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
            && access(path, W_OK | X_OK) == 0
    }

    private static let ofTheKernel: Set<String> = [
        "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts",
        "devtmpfs", "efivarfs", "fusectl", "hugetlbfs", "mqueue", "nsfs", "proc", "pstore",
        "ramfs", "securityfs", "sysfs", "tmpfs", "tracefs",
    ]
}

extension MountTable.Mount {
    /// `ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [FIELD...] - TYPE SOURCE OPTIONS`
    fileprivate init?(_ line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count > 6, let dash = words[6...].firstIndex(of: "-"), dash + 1 < words.count
        else { return nil }
        root = Self.plain(words[3])
        point = Self.plain(words[4])
        type = String(words[dash + 1])
        let ofAll = dash + 3 < words.count ? words[dash + 3] : ""
        isReadOnly = [words[5], ofAll].contains { $0.split(separator: ",").contains("ro") }
        isShared = words[6..<dash].contains {
            $0.hasPrefix("master:") || $0.hasPrefix("shared:")
        }
    }

    /// Blanks and backslashes are there as `\040`.
    private static func plain(_ word: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(word.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            guard byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(3)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
