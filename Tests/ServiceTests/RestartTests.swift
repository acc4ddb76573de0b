// The service goes and comes while fifty clients ask: no request gets a wrong answer, none is lost,
// and none is decided twice.

import DaemonHarness
import Foundation
import Testing

extension ServiceTests {
    @Suite(.serialized)
    struct RestartTests {
        init() throws { try Service.fresh() }

        /// Every request that was answered was decided once: guesses were counted as often as they
        /// were made, and there is one event for each request.
        private func expectDecidedOnce(_ crowd: Crowd) throws {
            let guessed = (0..<crowd.used).filter(Crowd.isGuessed).map { crowd.accounts[$0] }
            let admin = try Service.connect(Service.adminSocket)
            let shown = try admin.ask(guessed.map { $0.asking("show") })
            #expect(shown.allSatisfy { $0.totp?.failures == Crowd.requestsEach })
            let events = crowd.accounts.count + crowd.used * Crowd.requestsEach
            let report = try Service.check()
            #expect(report == "\(crowd.accounts.count) accounts, \(events) events, 0 problems")
        }

        private func report(_ what: String, _ tally: Crowd.Tally) {
            print(
                "\(what): \(tally.requests) requests, \(tally.retries) sent again; the longest"
                    + " pause \(tally.longestPause.milliseconds) ms, the longest wait of one"
                    + " request \(tally.longestWait.milliseconds) ms")
        }

        /// More requests than before, so that each step meets the full load.
        private func awaitLoad(_ crowd: Crowd) throws {
            let before = crowd.requestsSoFar
            try Service.eventually("an answer under load") {
                crowd.requestsSoFar > before + 4 * Crowd.size
            }
        }

        @Test("systemctl restart and package upgrades, twenty times")
        func restarts() throws {
            // All that fifty clients can ask meanwhile on two cores, and some to spare.
            let crowd = try Crowd(accounts: 600_000)
            let upgrades = try Package.versions(["0.9.1", "0.9.2"])
            let tally = try crowd.ask {
                for round in 0..<20 {
                    try awaitLoad(crowd)
                    let pid = try Service.mainPID()
                    if round.isMultiple(of: 4) {
                        try Host.run("dpkg --install '\(upgrades[round / 4 % 2])'")
                    } else {
                        try Host.run("systemctl restart totpd.service")
                    }
                    #expect(try Service.mainPID() != pid, "round \(round) restarted nothing")
                }
                try awaitLoad(crowd)
            }
            report("20 restarts", tally)
            #expect(tally.wrong == [])
            try expectDecidedOnce(crowd)
        }

        @Test("kill -9, ten times")
        func kills() throws {
            let crowd = try Crowd(accounts: 50_000)
            let tally = try crowd.ask {
                for _ in 0..<10 {
                    try awaitLoad(crowd)
                    let pid = try Service.mainPID()
                    kill(pid, SIGKILL)
                    try Service.eventually("a restart") {
                        try Service.property("MainPID") != "\(pid)"
                            && Service.property("ActiveState") == "active"
                    }
                }
                try awaitLoad(crowd)
            }
            report("10 times kill -9", tally)
            #expect(tally.wrong == [])
            #expect(Int(try Service.property("NRestarts")) ?? 0 >= 10)
            try expectDecidedOnce(crowd)
        }

        @Test("stop with requests in flight, and start again")
        func stop() throws {
            let crowd = try Crowd(accounts: 50_000)
            let tally = try crowd.ask {
                try awaitLoad(crowd)
                try Host.run("systemctl stop totpd.socket totpd-admin.socket totpd.service")
                #expect(try Service.property("Result") == "success")
                #expect(try Service.property("ActiveState") == "inactive")
                #expect(throws: HarnessFault.self) { try Service.connect() }
                try Host.run("systemctl start totpd.socket totpd-admin.socket")
                try awaitLoad(crowd)
            }
            report("stop and start", tally)
            #expect(tally.wrong == [])
            try expectDecidedOnce(crowd)
        }
    }
}

extension Duration {
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
