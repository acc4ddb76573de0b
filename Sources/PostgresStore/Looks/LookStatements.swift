// The statements of looks: each reads a page behind a key.

enum LookStatements {
    static let accounts = Statement(
        "accounts",
        """
        SELECT f.id, f.sealed, g.sealed FROM factor f LEFT JOIN guard g ON g.id = f.id
        WHERE f.id > $1::uuid ORDER BY f.id LIMIT $2::bigint
        """)

    static let buckets = Statement(
        "page of buckets",
        "SELECT id, sealed FROM bucket WHERE id > $1::uuid ORDER BY id LIMIT $2::bigint")

    static let apps = Statement("all apps", "SELECT id, name, accounts FROM app WHERE accounts > 0")

    /// Whether some server is to have what is committed as well, and whether one is there; nobody
    /// but a monitor is told of the second.
    static let standby = Statement(
        "standby",
        """
        SELECT (current_setting('synchronous_standby_names') <> ''
            AND (NOT pg_has_role('pg_read_all_stats', 'USAGE') OR EXISTS (
                SELECT 1 FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum'))
            ))::int::bigint, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
        """)

    static let size = Statement("size", "SELECT pg_database_size(current_database())")

    // MARK: Events

    /// Blocks that end behind an event, by the numbers over all lanes.
    static let blocksAfter = Statement(
        "blocks after",
        """
        SELECT n.first + b.first - n.event, b.lane, b.first, b.count, b.sealed
        FROM number n JOIN block b
            ON b.lane = n.lane AND b.first >= n.event AND b.first < n.event + n.count
        WHERE n.first >= coalesce(
                (SELECT max(p.first) FROM number p WHERE p.first <= $1::bigint + 1), 1)
            AND n.first + b.first - n.event + b.count > $1::bigint + 1
        ORDER BY n.first, b.first LIMIT $2::bigint
        """)

    /// Blocks that begin before an event, the newest first.
    static let blocksBefore = Statement(
        "blocks before",
        """
        SELECT n.first + b.first - n.event, b.lane, b.first, b.count, b.sealed
        FROM number n JOIN block b
            ON b.lane = n.lane AND b.first >= n.event AND b.first < n.event + n.count
        WHERE n.first < $1::bigint AND n.first + b.first - n.event < $1::bigint
        ORDER BY n.first DESC, b.first DESC LIMIT $2::bigint
        """)

    /// The oldest and the newest number.
    static let numbered = Statement(
        "numbered",
        """
        SELECT coalesce(min(first), 1), coalesce(
            (SELECT first + count - 1 FROM number ORDER BY first DESC LIMIT 1), 0) FROM number
        """)

    /// Blocks without a number, in the order in which they get one: that of their lane, and by
    /// when they came.
    static let unnumbered = Statement(
        "unnumbered",
        """
        SELECT lane, first, count FROM (
            SELECT b.lane, b.first, b.count,
                max(b.at) OVER (PARTITION BY b.lane ORDER BY b.first) AS came
            FROM lane l JOIN block b ON b.lane = l.id AND b.first > coalesce(
                (SELECT n.event + n.count - 1 FROM number n WHERE n.lane = l.id
                ORDER BY n.event DESC LIMIT 1), 0)) AS waiting
        ORDER BY came, lane, first LIMIT $1::bigint
        """)

    /// One numbers at a time.
    static let lockNumbers = Statement("lock numbers", "SELECT 1 FROM state FOR UPDATE")

    static let number = Statement(
        "number",
        """
        INSERT INTO number (first, lane, event, count, sealed)
        SELECT * FROM unnest(
            $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[])
        """)
}
