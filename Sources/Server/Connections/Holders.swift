// Who holds the places of one kind, and who gives one up when none is left: the user with the most,
// for a user with fewer.

struct Holders: Equatable {
    private(set) var count = 0
    private var byUser: [UInt32: Int] = [:]

    mutating func add(_ uid: UInt32) {
        count += 1
        byUser[uid, default: 0] += 1
    }

    mutating func remove(_ uid: UInt32) {
        guard let number = byUser[uid] else {
            preconditionFailure("a place is given back once, by whom it was taken")
        }
        count -= 1
        byUser[uid] = number == 1 ? nil : number - 1
    }

    /// Whose place a user takes when none is left: of the one who has most, unless both would only
    /// change roles. Nil: the user has an even share.
    func giver(to uid: UInt32) -> UInt32? {
        // Of several who have most any would do; the number makes it always the same.
        guard let most = byUser.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            most.value > byUser[uid, default: 0] + 1
        else { return nil }
        return most.key
    }
}
