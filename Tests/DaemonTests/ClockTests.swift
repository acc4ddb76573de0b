// A clock that is set back while the daemon is down: used steps stay used, and no wait becomes
// long.

import DaemonHarness
import Patience
import Testing

@Suite("The real daemon and the clock", .serialized, .waits)
struct ClockTests {
    /// An hour in steps.
    private static let hour: Int64 = 120

    @Test("T-R3: set back an hour, no step before the last used one is accepted")
    func setBack() throws {
        let daemon = try DaemonProcess.ready()
        let ada = try daemon.imported("ada")
        let bob = try daemon.imported("bob")
        let eve = try daemon.imported("eve")
        let code = ada.code()
        #expect(try daemon.ask(ada.verifying(code)).ok)
        for wrong in eve.wrongCodes(5) { _ = try daemon.ask(eve.verifying(wrong)) }
        try daemon.stop()

        daemon.environment = [
            "LD_PRELOAD": try Preload.library(Preload.clock, for: daemon), "CLOCK_OFFSET": "-3600",
        ]
        try daemon.start()
        #expect(try daemon.ask(ada.verifying(ada.code(-Self.hour))).brief == "clock_behind")
        let behind = try daemon.ask(ada.verifying(code))
        #expect(behind.brief == "clock_behind" && behind.retryAfter ?? 0 > 3500)
        // The clock is back indeed: who has used nothing gets in with the code of an hour ago.
        #expect(try daemon.ask(bob.verifying(bob.code(-Self.hour))).ok)
        let wait = try daemon.ask(eve.verifying(eve.code(-Self.hour)))
        #expect(wait.brief == "throttled" && wait.retryAfter ?? 0 <= 3600)
        try daemon.stop()

        daemon.environment = [:]
        try daemon.start()
        #expect(try daemon.ask(ada.verifying(code)).brief == "replayed")
        #expect(try daemon.ask(bob.verifying(bob.code())).ok)
        #expect(try daemon.check().ending == .exited(0))
    }
}
