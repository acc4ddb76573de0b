// Of which parties so much waits for the lane that their connections should keep their lines. A
// party that brings too much holds up nobody else.

struct Crowding<Party: Hashable> {
    private var crowded: Set<Party> = []

    /// Notes how much of a party waits. Returns whether it has to wait: from its bound on, until
    /// half of that is left.
    ///
    /// - Parameters:
    ///   - waiting: how many of its changes wait.
    ///   - parties: how many have any that wait.
    mutating func update(_ party: Party, waiting: Int, parties: Int) -> Bool {
        let most = ServerPolicy.changesWaitingMax(parties: parties)
        if waiting >= most {
            crowded.insert(party)
        } else if waiting <= most / 2, !crowded.isEmpty {
            crowded.remove(party)
        }
        return crowded.contains(party)
    }
}
