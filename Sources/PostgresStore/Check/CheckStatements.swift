// The statements of a check: every row of every table, in the order of its key.

enum CheckStatements {
    /// Guards with their factors.
    static let guards = Statement(
        "check guards",
        """
        SELECT g.id, g.sealed, f.sealed FROM guard g LEFT JOIN factor f ON f.id = g.id
        WHERE g.id > $1::uuid ORDER BY g.id LIMIT $2::bigint
        """)

    static let loneFactors = Statement(
        "check factors",
        """
        SELECT f.id FROM factor f LEFT JOIN guard g ON g.id = f.id
        WHERE f.id > $1::uuid AND g.id IS NULL ORDER BY f.id LIMIT $2::bigint
        """)

    static let lanes = Statement("check lanes", "SELECT id, batches, ending FROM lane ORDER BY id")

    static let blocks = Statement(
        "check blocks",
        """
        SELECT lane, first, count, sealed FROM block
        WHERE lane = $1::bigint AND first > $2::bigint ORDER BY first LIMIT $3::bigint
        """)

    static let foreignBlocks = Statement(
        "check lanes of blocks",
        "SELECT count(*) FROM block b WHERE NOT EXISTS (SELECT 1 FROM lane l WHERE l.id = b.lane)")

    static let numbers = Statement(
        "check numbers",
        """
        SELECT first, lane, event, count, sealed FROM number
        WHERE first > $1::bigint ORDER BY first LIMIT $2::bigint
        """)
}
