// What a process that a test starts has from it: the descriptors it was given, and no others.

import DaemonHarness
import Glibc
import Testing

@Suite("A child of the tests")
struct ChildTests {
    /// Of sockets that NIO accepts, for one: they lack SOCK_CLOEXEC, and whoever holds a copy of
    /// one keeps its other side from seeing it close.
    @Test("has no descriptor that it was not given")
    func descriptors() throws {
        var open: [Int32] = [-1, -1]
        try #require(pipe(&open) == 0)
        defer { open.forEach { close($0) } }
        let (given, _) = try Descriptor.pair()
        let child = try Child(
            "/bin/ls", ["/proc/self/fd"], environment: [:], descriptors: [3: given])
        #expect(try child.wait() == .exited(0))
        // The last is that of the directory itself.
        #expect(child.printed == "0\n1\n2\n3\n4\n")
    }
}
