// How long somebody waits who connects to a service that does not run: from the connect to the
// first answer, with a million accounts. It prints what it measured.

import DaemonHarness
import Foundation
import Testing

extension ServiceTests {
    @Suite(.serialized)
    struct StartTests {
        private static let accounts = 1_000_000
        private static let rounds = 5
        /// Of the daemon's own time, from exec(3) to READY=1. Of the rounds the shortest counts, on
        /// a machine that may do something else.
        private static let ownMillisecondsMax = 100

        init() throws { try Service.fresh() }

        @Test("a million accounts: less than 100 ms of the daemon's own time")
        func first() throws {
            let crowd = try Crowd(accounts: Self.accounts)
            let somebody = try #require(crowd.accounts.last)
            var waits: [Int64] = []
            var starts: [Int] = []
            var bare: [Int] = []
            try Host.run("cp /bin/sleep /usr/lib/test-sleep")
            for round in 0..<Self.rounds {
                try Host.run("systemctl stop totpd.service")
                #expect(try Service.property("ActiveState", of: "totpd.socket") == "active")
                let begun = ContinuousClock.now
                let reply = try Service.ask(somebody.asking("status"))
                waits.append((ContinuousClock.now - begun).milliseconds)
                #expect(reply.enrolled == true, "round \(round)")
                starts.append(try startMilliseconds(of: "totpd.service"))

                // The same without the daemon: until systemd has shut it in.
                try Service.runInside("/usr/lib/test-sleep 60", as: "bare", type: "exec")
                bare.append(try startMilliseconds(of: "bare.service"))
                try Host.run("systemctl stop bare.service")
            }
            print(
                "\(Self.accounts) accounts: \(waits.sorted()) ms from connect to the first answer;"
                    + " \(starts.sorted()) ms of them from fork to READY=1, of which"
                    + " \(bare.sorted()) ms are systemd's, until exec")
            let own = (starts.min() ?? .max) - (bare.min() ?? 0)
            #expect(own < Self.ownMillisecondsMax)
        }

        private func startMilliseconds(of unit: String) throws -> Int {
            // The answer may be here before systemd has read that the daemon is ready.
            try Service.eventually("READY=1") {
                try Service.property("ActiveState", of: unit) == "active"
            }
            let begun = try Int(Service.property("ExecMainStartTimestampMonotonic", of: unit))
            let ready = try Int(Service.property("ActiveEnterTimestampMonotonic", of: unit))
            guard let begun, let ready else { throw HarnessFault("systemd tells no times") }
            return (ready - begun) / 1000
        }
    }
}
