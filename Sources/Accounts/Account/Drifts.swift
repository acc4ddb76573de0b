// How far the steps of the newest accepted codes were from the clock's, and what they say together
// of the authenticator's clock.

/// The drifts of the last four accepted codes in one byte: two bits each, the newest in the lowest.
package struct Drifts: Equatable, Sendable {
    /// 0 for none; otherwise two more than the drift, which is one step at most.
    package private(set) var rawValue: UInt8 = 0

    package init() {}

    /// Nil for a byte that no codes leave: one with a gap, or without any.
    package init?(rawValue: UInt8) {
        self.rawValue = rawValue
        let isThere = (0..<4).map { rawValue >> (2 * UInt8($0)) & 3 != 0 }
        guard isThere[0], isThere == isThere.sorted(by: { $0 && !$1 }) else { return nil }
    }

    /// Of the newest accepted code; nil before the first.
    package var newest: Int8? { drift(0) }

    /// How many steps the authenticator's clock is from ours, as it has shown; nil until four codes
    /// have.
    ///
    /// The largest of the four: whoever types late sends the code of an older step than the
    /// authenticator shows by then, and nobody sends one of a newer. Four, because one code in five
    /// is typed late, by somebody who takes six seconds of thirty: of those all four are together
    /// in one account of 600.
    package var ofAuthenticator: Int8? {
        guard drift(3) != nil else { return nil }
        return largest
    }

    /// The same as far as it has shown; nil before the first code.
    package var largest: Int8? { (0..<4).compactMap(drift).max() }

    package mutating func note(_ drift: Int8) {
        rawValue = rawValue << 2 | UInt8(drift + 2)
    }

    /// They are counted from another step from now on. One that is farther than a step from it is
    /// taken for a step.
    mutating func shift(by steps: Int8) {
        guard steps != 0 else { return }
        let all = (0..<4).compactMap(drift)
        rawValue = 0
        for drift in all.reversed() { note(min(max(drift + steps, -1), 1)) }
    }

    private func drift(_ age: UInt8) -> Int8? {
        let bits = rawValue >> (2 * age) & 3
        return bits == 0 ? nil : Int8(bits) - 2
    }
}
