// What the database has to promise of a COMMIT.

package enum Durability: Sendable {
    /// That another host has it as well (`synchronous_standby_names`).
    case standby
    /// That it is on the server's own disk.
    case oneServer
}
