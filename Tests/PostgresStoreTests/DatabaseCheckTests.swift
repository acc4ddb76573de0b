// What somebody who can write into the database may do to a store's rows, and a check finds.

import Accounts
import Patience
import PostgresHarness
import Store
import StoreHarness
import Testing

@testable import PostgresStore

@Suite("A check of a store in a database", .waits)
struct DatabaseCheckTests {
    /// Two accounts of each host, events of both lanes, and what nobody has numbered yet.
    private func fill(_ hosts: TwoHosts) throws {
        for (store, name) in [(hosts.one, "ada"), (hosts.other, "bob")] {
            for person in [try Person(name), try Person("\(name) too")] {
                _ = try hosts.ask(store, person.bring(at: Clock.start))
                _ = try hosts.ask(store, person.wrong(at: Clock.start).from("203.0.113.7"))
            }
        }
        _ = try hosts.one.figures()
        _ = try hosts.ask(hosts.one, try Person("eve").wrong(at: Clock.start))
    }

    @Test(
        "finds",
        arguments: [
            // Accounts.
            "DELETE FROM guard WHERE id = (SELECT id FROM guard ORDER BY id LIMIT 1)",
            "DELETE FROM factor WHERE id = (SELECT id FROM factor ORDER BY id LIMIT 1)",
            "UPDATE guard SET sealed = (SELECT sealed FROM guard ORDER BY id LIMIT 1)",
            "UPDATE factor SET sealed = (SELECT sealed FROM guard WHERE guard.id = factor.id)",
            "UPDATE guard SET sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40))",
            // Limits and numbers of accounts.
            "UPDATE bucket SET id = gen_random_uuid()",
            "UPDATE app SET accounts = accounts - 1", "DELETE FROM app",
            "UPDATE app SET id = gen_random_uuid()",
            // Events.
            "DELETE FROM block WHERE lane = 1 AND first = 1",
            "DELETE FROM block WHERE lane = 1 AND first = (SELECT max(first) FROM block)",
            "DELETE FROM block WHERE lane = 2", "UPDATE block SET count = 2 WHERE first = 2",
            "UPDATE block SET lane = 3 WHERE lane = 2",
            "UPDATE block b SET sealed = o.sealed FROM block o WHERE b.first = 1 AND o.first = 2",
            // Rows of lanes.
            "UPDATE lane SET batches = batches + 1 WHERE id = 1",
            "UPDATE lane SET ending = (SELECT ending FROM lane WHERE id = 2) WHERE id = 1",
            "DELETE FROM lane WHERE id = 2",
            // Numbers over all lanes.
            "DELETE FROM number WHERE first = 1",
            "UPDATE number SET count = count - 1 WHERE first = (SELECT max(first) FROM number)",
            "UPDATE number SET lane = 3 WHERE lane = 2",
            "UPDATE number SET first = first + 1 WHERE first = (SELECT max(first) FROM number)",
        ])
    func finds(_ change: String) throws {
        let hosts = try TwoHosts()
        try fill(hosts)
        try #expect(hosts.other.check().problems == [])
        let changed = try hosts.direct.run(change).tag
        // It has done something.
        #expect(!changed.hasSuffix(" 0"), "\(changed)")
        let report = try hosts.other.check()
        #expect(report.problemCount > 0)
        hosts.proxy.close()
        try Cluster.shared().drop(hosts.schema)
    }

    @Test("stops when it is told to, and says so")
    func stops() throws {
        let hosts = try TwoHosts()
        try fill(hosts)
        let job = Job("check")
        job.cancel()
        let report = try hosts.other.check(job)
        #expect(report.problems == ["the check was stopped before its end"])
        try hosts.end()
    }
}
