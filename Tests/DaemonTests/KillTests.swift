// kill -9 in the middle of work, again and again: what was answered holds afterwards, and the store
// passes its check. TOTPD_ROUNDS says how often, TOTPD_TEST_SEED what happens.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("kill -9 of the real daemon", .serialized, .waits)
struct KillTests {
    private static let rounds = Rounds.number(20, proof: 200)
    /// A store that grows for ever would make each check slower than the one before.
    private static let roundsOfOneStore = 20

    private static func spare(on daemon: DaemonProcess) throws -> [KillRound.Spare] {
        try (0..<2).map { try Person.enrolled("spare \($0)", on: daemon.connect()) }
    }

    @Test("T-R2, T-B1, T-L7: no accepted code is accepted again, no charged attempt is forgotten")
    func rounds() throws {
        var random = SeededGenerator.announced("kill -9")
        var tally = KillRound.Tally()
        let started = ContinuousClock.now
        for start in stride(from: 0, to: Self.rounds, by: Self.roundsOfOneStore) {
            var daemon = try DaemonProcess.ready()
            var spare = try Self.spare(on: daemon)
            for number in start..<min(start + Self.roundsOfOneStore, Self.rounds) {
                var round = try KillRound(number, daemon, &spare, &random)
                try round.load(&random)
                try daemon.start()
                round.isBroken = try daemon.log().contains("cut short by a crash")
                try round.proveAnswered(&spare)
                try round.proveUnanswered()
                tally.add(round)
                let check = try daemon.check()
                #expect(check.ending == .exited(0), "round \(number): \(check.printed)")
                guard round.isBroken else { continue }
                // Nobody gets in there for a minute.
                #expect(try daemon.stop() == .exited(0))
                daemon = try DaemonProcess.ready()
                spare = try Self.spare(on: daemon)
            }
            #expect(try daemon.stop() == .exited(0))
        }
        let time = (ContinuousClock.now - started) / Self.rounds
        print("kill -9: \(Self.rounds) rounds of \(time), \(tally)")
        // A campaign that never cuts anything short, or always everything, proves nothing.
        #expect(tally.answered > 0 && tally.unanswered > 0)
    }
}
