// The statements of a lane: how it takes its row, and what a batch reads and writes. A change here
// is tested by ContentionTests and CutStoreTests.

enum LaneStatements {
    /// What others commit meanwhile is seen from statement to statement, once its lock is had.
    static let begin = Statement(
        "begin batch", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
    ).with()

    // MARK: Taking the lane

    static let find = Statement(
        "find lane",
        "SELECT id FROM lane WHERE host = $1::text AND place = $2::bigint")

    static let next = Statement("next lane", "SELECT coalesce(max(id), 0) + 1 FROM lane")

    static let make = Statement(
        "make lane",
        """
        INSERT INTO lane (id, host, place, token, batches, ending)
        VALUES ($1::bigint, $2::text, $3::bigint, $4::uuid, 0, $5::bytea)
        """)

    /// Waits for whoever writes the row just now; from then on no other token is valid.
    static let take = Statement(
        "take lane", "UPDATE lane SET token = $2::uuid WHERE id = $1::bigint")

    /// The same of one that nobody else may have taken.
    static let takeAgain = Statement(
        "take lane again",
        "UPDATE lane SET token = $2::uuid WHERE id = $1::bigint AND token = ANY ($3::uuid[])")

    static let read = Statement(
        "read lane", "SELECT batches, ending FROM lane WHERE id = $1::bigint")

    // MARK: The first round trip of a batch

    /// Whether a standby has to have what is committed, what the server does with its own disk,
    /// whether the lane is ours, how many batches it has kept, and what time it is.
    static let promise = Statement(
        "promise",
        """
        SELECT (current_setting('synchronous_standby_names') <> '')::int::bigint,
            (current_setting('fsync') = 'on' AND current_setting('synchronous_commit') = 'on'
                AND current_setting('full_page_writes') = 'on')::int::bigint,
            (SELECT count(*) FROM lane WHERE id = $1::bigint AND token = $2::uuid),
            coalesce((SELECT batches FROM lane WHERE id = $1::bigint), -1),
            floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
        """)

    /// A guard is locked and read in one statement, and its factor in one behind it: joined, the
    /// factor would be that from before the wait for the lock.
    static let guards = Statement(
        "guards", "SELECT id, sealed FROM guard WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE")
    static let factors = Statement(
        "factors", "SELECT id, sealed FROM factor WHERE id = ANY ($1::uuid[])")
    static let buckets = Statement(
        "buckets",
        "SELECT id, sealed FROM bucket WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE")
    static let apps = Statement(
        "apps", "SELECT id, accounts FROM app WHERE id = ANY ($1::uuid[])")

    // MARK: The second

    /// Writes a batch. Where a row is missing that was there, an app has become full, or the lane
    /// is somebody else's, `batches` becomes NULL, which it may not be, and the transaction ends.
    /// A row that is there and should not be ends it as well.
    static let keep = Statement(
        "keep",
        """
        WITH \(changes("guard", "g", from: 5)), \(changes("factor", "f", from: 10)),
            \(changes("bucket", "b", from: 15)),
        counted AS (
            UPDATE app t SET accounts = greatest(t.accounts + n.more, 0)
            FROM unnest($20::uuid[], $21::bigint[], $22::bigint[]) AS n (id, more, most)
            WHERE t.id = n.id AND (n.more < 0 OR t.accounts + n.more <= n.most) RETURNING 1),
        begun AS (
            INSERT INTO app (id, name, accounts)
            SELECT * FROM unnest($23::uuid[], $24::bytea[], $25::bigint[])),
        told AS (
            INSERT INTO block (lane, first, count, at, sealed)
            SELECT $1::bigint, n.first, n.count, clock_timestamp(), n.sealed
            FROM unnest($26::bigint[], $27::bigint[], $28::bytea[]) AS n (first, count, sealed))
        UPDATE lane SET ending = $4::bytea, batches = CASE
            WHEN token = $2::uuid AND batches = $3::bigint
                AND (SELECT count(*) FROM gu) + (SELECT count(*) FROM gd)
                + (SELECT count(*) FROM fu) + (SELECT count(*) FROM fd)
                + (SELECT count(*) FROM bu) + (SELECT count(*) FROM bd)
                + (SELECT count(*) FROM counted) = $29::bigint
            THEN batches + 1 END
        WHERE id = $1::bigint
        """)

    /// Updates, deletions and insertions of one table, with five parameters.
    private static func changes(_ table: String, _ name: String, from first: Int) -> String {
        """
        \(name)u AS (
            UPDATE \(table) t SET sealed = n.sealed
            FROM unnest($\(first)::uuid[], $\(first + 1)::bytea[]) AS n (id, sealed)
            WHERE t.id = n.id RETURNING 1),
        \(name)d AS (DELETE FROM \(table) WHERE id = ANY ($\(first + 2)::uuid[]) RETURNING 1),
        \(name)i AS (
            INSERT INTO \(table) (id, sealed)
            SELECT * FROM unnest($\(first + 3)::uuid[], $\(first + 4)::bytea[]))
        """
    }
}
