// A host whose clock is not the database's: it decides nothing before the two agree.

import Accounts
import Foundation
import PostgresHarness
import Store
import StoreHarness
import Testing

@testable import PostgresStore

@Suite("A host's clock")
struct ClockSkewTests {
    @Test("that is far from the database's has nothing decided, until it is set right")
    func skew() throws {
        let hosts = try TwoHosts()
        let (ada, ahead) = (try Person("ada"), Guarded<Int64>(0))
        let host = DatabaseHost("three", memory: nil) {
            let own = Int64(Date().timeIntervalSince1970 * 1000)
            return Instant(milliseconds: own + 1000 * ahead.current)
        }
        let store = try PostgresStore(
            hosts.one.conninfo, host, hosts.ring, .oneServer, at: Clock.start)
        try #expect(hosts.ask(store, ada.enroll()) == ["ok"])
        for seconds in [40, -40, 3600] as [Int64] {
            ahead.change { $0 = seconds }
            let fault = #expect(throws: StoreFault.self) { try hosts.ask(store, ada.confirm()) }
            guard case .away(.clockSkew, let cause) = fault else {
                Issue.record("\(String(describing: fault))")
                return
            }
            #expect(cause.hasPrefix("its clock and this host's are "))
            try #expect(store.figures().away == .clockSkew)
            ahead.change { $0 = 0 }
            try #expect(store.figures().away == nil)
            try #expect(hosts.ask(store, ada.status()) == ["ok"])
        }
        // Nothing was counted meanwhile, and time is the database's.
        try #expect(hosts.ask(store, ada.confirm()) == ["ok"])
        let now = try #require(store.now)
        let said = try hosts.count(
            "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        #expect(abs(said - now.milliseconds) < 5_000)
        try hosts.end()
    }
}
