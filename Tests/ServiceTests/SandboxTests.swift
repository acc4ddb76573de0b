// The sandbox from inside: a helper runs under the very lines of totpd.service and tries what they
// forbid. Outside, as root, the same helper succeeds, so that a no means something.

import DaemonHarness
import Foundation
import Testing

extension ServiceTests {
    @Suite(.serialized)
    struct SandboxTests {
        /// What cannot be told apart here, because the throw-away machine forbids it as well.
        private static let forbiddenOutside: Set = ["write-kernel-setting"]
        /// What the daemon lives by.
        private static let allowed = [
            "write-state": "done", "unix-socket": "done", "read-credential": "done",
            "NoNewPrivs": "1", "Seccomp": "2", "CapBnd": "0000000000000000", "core-bytes": "0",
        ]

        init() throws { try Service.fresh() }

        private func results(_ text: String) -> [String: String] {
            var results: [String: String] = [:]
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ", maxSplits: 1).map(String.init)
                results[words[0]] = words.count == 2 ? words[1] : ""
            }
            return results
        }

        @Test("everything outside of its work fails, and its work does not")
        func probe() throws {
            let secrets = ["/home/probe/secret", "/root/probe-secret", "/tmp/probe-secret"]
            for path in secrets {
                try Host.write("secret\n", to: path)
                try Host.run("chmod 644 \(path); chmod 755 $(dirname \(path))")
            }
            try Host.run(
                """
                mknod -m 666 /dev/probe c 1 8
                cc -Wall -Werror -O1 -o /usr/lib/probe '\(Host.source("probe.c"))'
                systemctl stop totpd.socket totpd-admin.socket totpd.service
                """)
            try Service.runInside(
                "/usr/lib/probe", as: "probe", type: "oneshot",
                "WorkingDirectory=/var/lib/totpd\nStandardOutput=file:/run/inside")
            try Host.run("mkdir -p /var/lib/outside")
            let inside = results(try Host.run("cat /run/inside"))
            let outside = results(try Host.run("cd /var/lib/outside; /usr/lib/probe"))
            #expect(inside.keys.sorted() == outside.keys.sorted())
            for (name, result) in inside {
                if let allowed = Self.allowed[name] {
                    #expect(result == allowed, "\(name)")
                } else {
                    #expect(result != "done", "\(name) is possible in the sandbox")
                    let isTelling = outside[name] != result || Self.forbiddenOutside.contains(name)
                    #expect(isTelling, "\(name) fails outside too, with \(result)")
                }
            }
            let lines = inside.sorted { $0 < $1 }.map { "\($0) \($1)" }
            print("in the sandbox: " + lines.joined(separator: ", "))
        }

        @Test("systemd-analyze security finds an exposure of 0.6 or less")
        func exposure() throws {
            let line = try Host.run(
                "systemd-analyze security --no-pager --threshold=6 totpd.service | tail -n 1")
            print(line)
        }

        @Test("the limits that need the memory controller are set, and in force where it is there")
        func memory() throws {
            #expect(try Service.property("MemoryMax") == "\(1 << 30)")
            #expect(try Service.property("MemorySwapMax") == "0")
            #expect(try Service.property("TasksMax") == "32")
        }
    }
}
