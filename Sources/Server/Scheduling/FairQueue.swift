// Who is served next when more wait than can be served at once. Parties take turns, and within a
// party the first to come is first. So a party that has many waiting does not make the others wait
// longer.

import NIOCore

struct FairQueue<Party: Hashable, Element> {
    /// Kept when empty: there are no more of them than apps, and each would be made again at once.
    private var waiting: [Party: CircularBuffer<Element>] = [:]
    /// The parties of which somebody waits, in the order of their turns.
    private var order = CircularBuffer<Party>()
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element, of party: Party) {
        if waiting[party, default: []].isEmpty { order.append(party) }
        waiting[party, default: []].append(element)
        count += 1
    }

    /// Whether anybody waits whose party may have its turn.
    func hasNext(where mayTake: (Party) -> Bool) -> Bool { order.contains(where: mayTake) }

    /// The next one of a party that may have its turn; the others keep theirs.
    mutating func next(where mayTake: (Party) -> Bool = { _ in true }) -> Element? {
        guard let turn = order.firstIndex(where: mayTake) else { return nil }
        let party = order.remove(at: turn)
        guard let element = waiting[party]?.popFirst() else { return nil }
        count -= 1
        if waiting[party]?.isEmpty == false { order.append(party) }
        return element
    }
}
