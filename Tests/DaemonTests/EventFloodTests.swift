// One app floods the real daemon with refusals: ten thousand are events, one stands for the rest,
// and the log does not grow by what is left out.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("A flood of refusals on the real daemon", .serialized, .waits)
struct EventFloodTests {
    @Test("is ten thousand events, and a number")
    func flood() throws {
        let daemon = try DaemonProcess.ready()
        let client = try daemon.connect()
        let lines = (0..<1_000).map {
            #"{"op":"verify","user":"made up \#($0)","code":"123456"}"#
        }
        for _ in 0..<30 { #expect(try client.ask(lines).tally == ["not_enrolled": 1_000]) }
        let ada = try daemon.imported("ada")
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
        let admin = try daemon.connectAsAdmin()
        try admin.send(#"{"op":"events","result":"omitted","count":1000}"#)
        let page = try #require(try admin.receive())
        let omitted = page.matches(of: /"reason":"([0-9]+)"/).compactMap { Int($0.1) }
            .reduce(0, +)
        // One a second came back meanwhile.
        #expect((15_000...20_000).contains(omitted))
        try admin.send(#"{"op":"stats"}"#)
        let stats = try #require(try admin.receive())
        #expect(stats.contains(#""events_omitted":\#(omitted),"#), "\(stats)")
        try daemon.stop()
        let check = try daemon.check()
        #expect(check.ending == .exited(0), "\(check.printed)")
    }
}
