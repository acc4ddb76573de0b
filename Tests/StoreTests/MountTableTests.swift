// Where a path leads that an admin names, by a table of mounts as a service of systemd's has it:
// pure, from the text.

import Foundation
import Scratch
import Testing

@testable import Store

@Suite("A table of mounts")
struct MountTableTests {
    /// As under totpd.service on Debian 12, shortened.
    private static let service = """
        600 500 8:1 / / ro,relatime master:1 - ext4 /dev/sda1 rw
        601 600 0:22 / /dev rw,nosuid,noexec - tmpfs tmpfs rw,mode=755
        602 600 0:5 / /proc rw,nosuid - proc proc rw
        603 600 0:30 / /run ro,nosuid master:5 - tmpfs tmpfs rw,mode=755
        604 600 8:1 /tmp/systemd-private-0b-totpd.service-x/tmp /tmp rw master:1 - ext4 /dev/sda1 rw
        605 600 8:2 /systemd-private-0b-totpd.service-y/tmp /var/tmp rw master:7 - ext4 /dev/sdb rw
        606 600 8:1 /var/lib/totpd /var/lib/totpd rw,relatime master:1 - ext4 /dev/sda1 rw
        607 600 8:1 /var/backups/totpd /var/backups/totpd rw master:1 - ext4 /dev/sda1 rw
        608 600 0:40 / /srv/own rw - tmpfs tmpfs rw
        609 600 0:41 / /srv/shared\\040disk rw master:9 - tmpfs tmpfs rw
        610 600 8:9 / /mnt/full rw master:11 - ext4 /dev/sdc ro
        no mount at all
        """

    private static let table = MountTable(service, isService: true)

    @Test(
        "what is the service's alone is hidden, and nothing else",
        arguments: [
            ("/tmp", true), ("/tmp/deep/down", true), ("/var/tmp", true), ("/srv/own/x", true),
            ("/dev/x", true),
            ("/var/backups/totpd", false), ("/var/lib/totpd", false), ("/", false),
            ("/tmpfiles", false), ("/srv/shared disk", false), ("/var/tmpx", false),
        ])
    func hidden(_ path: String, _ isHidden: Bool) throws {
        let mount = try #require(Self.table.mount(of: path))
        #expect(Self.table.isHidden(mount) == isHidden)
    }

    @Test("memory is nobody's alone where no service is")
    func byHand() throws {
        let table = MountTable(Self.service, isService: false)
        #expect(table.isHidden(try #require(table.mount(of: "/srv/own"))) == false)
        #expect(table.isHidden(try #require(table.mount(of: "/tmp"))) == true)
    }

    @Test("the places for a copy are what can be written, but for what goes and the kernel's own")
    func places() {
        #expect(Self.table.places { _ in true } == ["/var/backups/totpd", "/var/lib/totpd"])
        #expect(Self.table.places { $0.contains("lib") } == ["/var/lib/totpd"])
        #expect(MountTable("", isService: true).places { _ in true } == [])
    }

    @Test("of two mounts at one place the later counts")
    func twice() throws {
        let text = Self.service + "\n620 600 8:7 / /tmp rw master:3 - ext4 /dev/sdd rw\n"
        let table = MountTable(text, isService: true)
        #expect(!table.isHidden(try #require(table.mount(of: "/tmp/x"))))
        #expect(table.places { _ in true }.contains("/tmp"))
    }

    @Test("this process has a table, and a path that leads to what is hidden is refused")
    func links() throws {
        let place = try TemporaryDirectory()
        #expect(MountTable.ofThisProcess().mount(of: "/") != nil)
        let own = place.path(of: "own")
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: place.path(of: "link"), withDestinationPath: own)
        let real = try #require(realpath(own, nil))
        defer { free(real) }
        let point = String(cString: real)
        let line = "1 0 8:1 /tmp/systemd-private-1-x/tmp \(point) rw master:1 - ext4 /dev/sda1 rw"
        let table = MountTable(line, isService: true)
        for path in ["own/copy", "link/copy"] {
            let target = try NewPath(place.path(of: path))
            #expect(throws: NewPathFault.hidden(point)) { try target.refuseHidden(from: table) }
        }
        try NewPath(place.path(of: "copy")).refuseHidden(from: table)
        let nowhere = try NewPath(place.path(of: "none/copy"))
        #expect(throws: NewPathFault.self) { try nowhere.refuseHidden(from: table) }
    }

    @Test(
        "no reason is the kernel's word for it",
        arguments: [EROFS, EACCES, EPERM, ENOENT, ENOTDIR, ELOOP, ENOSPC, EDQUOT, EFBIG])
    func words(_ code: Int32) {
        let fault = NewPathFault.failed(call: "mkdir", errno: code)
        #expect(!fault.description.contains(String(cString: strerror(code))))
        #expect(!fault.description.contains("mkdir") && fault.cause.contains("mkdir"))
    }
}
