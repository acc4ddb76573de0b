// The tables of a store in a database, and how they are made. They keep to what PostgreSQL and the
// databases that speak its protocol have in common: no trigger, function, sequence, LISTEN,
// advisory lock or system column.

enum Schema {
    /// Raised when a table changes. What an older version made stays readable for ever.
    static let format: Int64 = 1

    /// A guard is apart from its factor, so that a login rewrites a row of about 130 bytes and
    /// nothing that an index holds. It is what is locked: where a factor is, there is a guard.
    ///
    /// Each lane, that is each connection that writes, has its own row: `batches` says of a COMMIT
    /// without an answer whether it was done, and `token` keeps out a connection that was given up.
    static let tables = [
        """
        CREATE TABLE state (
            one boolean PRIMARY KEY CHECK (one),
            format bigint NOT NULL,
            keys bytea NOT NULL)
        """,
        """
        CREATE TABLE lane (
            id bigint PRIMARY KEY,
            host text NOT NULL,
            place bigint NOT NULL,
            token uuid NOT NULL,
            batches bigint NOT NULL,
            ending bytea NOT NULL,
            UNIQUE (host, place)) WITH (fillfactor = 10)
        """,
        "CREATE TABLE guard (id uuid PRIMARY KEY, sealed bytea NOT NULL) WITH (fillfactor = 70)",
        "CREATE TABLE factor (id uuid PRIMARY KEY, sealed bytea NOT NULL)",
        "CREATE TABLE bucket (id uuid PRIMARY KEY, sealed bytea NOT NULL) WITH (fillfactor = 70)",
        """
        CREATE TABLE app (
            id uuid PRIMARY KEY,
            name bytea NOT NULL,
            accounts bigint NOT NULL CHECK (accounts >= 0)) WITH (fillfactor = 30)
        """,
        """
        CREATE TABLE block (
            lane bigint,
            first bigint,
            count bigint NOT NULL,
            at timestamptz NOT NULL,
            sealed bytea NOT NULL,
            PRIMARY KEY (lane, first))
        """,
        """
        CREATE TABLE number (
            first bigint PRIMARY KEY,
            lane bigint NOT NULL,
            event bigint NOT NULL,
            count bigint NOT NULL,
            sealed bytea NOT NULL,
            UNIQUE (lane, event))
        """,
        // Random bytes: never compressed.
        "ALTER TABLE factor ALTER sealed SET STORAGE EXTERNAL",
        "ALTER TABLE bucket ALTER sealed SET STORAGE EXTERNAL",
        "ALTER TABLE block ALTER sealed SET STORAGE EXTERNAL",
    ].enumerated().map { Statement("table \($0)", $1) }

    static let putState = Statement(
        "put state", "INSERT INTO state (one, format, keys) VALUES (true, $1::bigint, $2)")

    static let state = Statement("state", "SELECT format, keys FROM state")

    /// A server that the storage or a standby does not protect says so here, and whatever was set
    /// for the role or the database must not weaken a COMMIT.
    static let session = [
        "SET synchronous_commit = on",
        "SET default_transaction_isolation = 'read committed'",
        // Who waits for a row gives up before the request does, and whoever holds one and has
        // stopped is put out.
        "SET lock_timeout = '2s'",
        "SET idle_in_transaction_session_timeout = '3s'",
        // Statements are prepared while tables may be small, and are kept when they have grown.
        "SET plan_cache_mode = force_generic_plan",
        "SET enable_seqscan = off",
        "SET jit = off",
    ].enumerated().map { Statement("session \($0)", $1).with() }
}
