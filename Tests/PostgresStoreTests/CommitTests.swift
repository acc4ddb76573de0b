// A COMMIT that is answered with more or other than yes: it warned, it failed at its end, or the
// server does not know itself. Triggers that fire at its end bring it about.

import Accounts
import Patience
import Store
import StoreHarness
import Testing

@testable import PostgresStore

@Suite("A COMMIT", .waits)
struct CommitTests {
    /// Makes the end of the next transactions of the first host's lane come to something else.
    private func prepare(_ hosts: TwoHosts, _ statement: String) throws {
        try hosts.direct.run("CREATE TABLE disturbance (times bigint)")
        try hosts.direct.run("INSERT INTO disturbance VALUES (0)")
        try hosts.direct.run("CREATE SEQUENCE disturbed")
        try hosts.direct.run(
            """
            CREATE FUNCTION disturb() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                -- What a sequence has counted stays, also when the transaction does not.
                IF NEW.host = 'one' AND (SELECT times FROM disturbance) > 0
                    AND nextval('disturbed') <= (SELECT times FROM disturbance)
                THEN \(statement); END IF;
                RETURN NULL;
            END $$
            """)
        try hosts.direct.run(
            "CREATE CONSTRAINT TRIGGER disturb AFTER UPDATE ON lane DEFERRABLE INITIALLY DEFERRED "
                + "FOR EACH ROW EXECUTE FUNCTION disturb()")
    }

    private func disturb(_ hosts: TwoHosts, _ times: Int) throws {
        try hosts.direct.run("ALTER SEQUENCE disturbed RESTART")
        try hosts.direct.run("UPDATE disturbance SET times = \(times)")
    }

    private func events(_ hosts: TwoHosts) throws -> UInt64 {
        try hosts.other.figures().lastEvent
    }

    @Test("that warned is no yes before the lane's row has told that it was done")
    func warned() throws {
        let hosts = try TwoHosts()
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        try prepare(hosts, "RAISE WARNING 'canceling wait for synchronous replication'")
        try disturb(hosts, 1)
        try #expect(hosts.ask(hosts.one, ada.verify(at: Clock.after(30))) == ["ok"])
        // One batch, and the taking of the row.
        try #expect(hosts.count("SELECT last_value FROM disturbed") == 2)
        try #expect(events(hosts) == 3)

        // A server of which every COMMIT warns says yes to nothing.
        try disturb(hosts, 1_000_000)
        let verify = ada.verify(at: Clock.after(60))
        #expect(throws: StoreFault.self) { try hosts.ask(hosts.one, verify) }
        try disturb(hosts, 0)
        // It was kept, and nobody was told: whoever asks again is told that it was used.
        try #expect(hosts.ask(hosts.one, verify) == ["replayed"])
        try #expect(events(hosts) == 5)
        try hosts.end()
    }

    @Test(
        "that failed is tried again, and one that nobody knows of is asked for",
        arguments: ["40001", "40P01", "40003", "XX000"])
    func failed(_ state: String) throws {
        let hosts = try TwoHosts()
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        try prepare(hosts, "RAISE EXCEPTION 'disturbed' USING ERRCODE = '\(state)'")
        try disturb(hosts, 2)
        try #expect(hosts.ask(hosts.one, ada.verify(at: Clock.after(30))) == ["ok"])
        try #expect(hosts.ask(hosts.other, ada.verify(at: Clock.after(30))) == ["replayed"])
        try #expect(events(hosts) == 4)
        try hosts.end()
    }
}
