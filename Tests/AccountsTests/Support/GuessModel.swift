// protocol.md's rules of the throttle once more, in plain numbers and with nothing of the
// product's: what somebody who knows the password and never stops gets in a year.

import Glibc

/// One account, a guesser who sends a code whenever one is compared, and an owner who logs in at
/// even intervals and is always the quicker. All in seconds.
struct GuessModel {
    struct Rules {
        /// In a row; from the fifth on they wait 30 s, 60 s … 3,600 s.
        var free = 4
        var lock = 100
        /// The long count holds so many, and drains evenly over 30 days.
        var longCount = 100.0
        var fullWait = 3_600.0
        /// From here on one step is accepted instead of three.
        var narrowFrom = 33.0
        /// Each has codes of its own. Beside others, each accepts one step from the first code on.
        var authenticators = 1
        /// Whether the owner logs in from a known browser: that ends no failures of strangers, and
        /// their long count takes no more when it is full.
        var isOwnerKnown = false
        /// Whether a login of such an owner ends the strangers' row and their lock.
        var readmits = false

        func wait(after row: Int) -> Double {
            guard row > free else { return 0 }
            return (0..<(row - free - 1)).reduce(30) { wait, _ in min(2 * wait, 3_600) }
        }
    }

    private(set) var guesses = 0
    private(set) var guessesOnDayOne = 0
    /// The most in a day of the second half of the year.
    private(set) var laterDay = 0
    private(set) var isLocked = false
    private(set) var longestWait = 0.0
    private var waits = 0.0
    private var logins = 0
    /// That each of them is wrong.
    private var allWrong = 1.0
    private var allWrongOnDayOne = 1.0

    var chance: Double { 1 - allWrong }
    var chanceOnDayOne: Double { 1 - allWrongOnDayOne }
    var meanWait: Double { logins == 0 ? 0 : waits / Double(logins) }

    private static let day = 86_400.0

    /// - Parameters:
    ///   - loginsADay: of the owner; the first is half an interval from the beginning.
    ///   - acceptedBefore: codes of the owner's that were accepted earlier, of the last four.
    ///   - most: the guesser never brings the long count to more, nor the row to a wait.
    init(
        _ rules: Rules = Rules(), loginsADay: Int, days: Int = 365, acceptedBefore: Int = 4,
        most: Double? = nil
    ) {
        let drop = 30 * Self.day / rules.longCount
        let interval = loginsADay == 0 ? Double.infinity : Self.day / Double(loginsADay)
        var due = loginsADay == 0 ? Double.infinity : interval / 2
        // When the long count will be empty, and when the next code is compared.
        var (emptyAt, opensAt, row) = (0.0, 0.0, 0)
        var byDay = [Int](repeating: 0, count: days)
        while opensAt < Double(days) * Self.day, !isLocked || rules.readmits {
            if isLocked { opensAt = max(opensAt, due) }
            let now = opensAt
            while due <= now {
                if !rules.isOwnerKnown {
                    (waits, longestWait) = (waits + now - due, max(longestWait, now - due))
                }
                (logins, due) = (logins + 1, due + interval)
                if !rules.isOwnerKnown || rules.readmits && isLocked {
                    (row, isLocked) = (0, false)
                }
            }
            if now >= Double(days) * Self.day { break }
            if rules.isOwnerKnown, emptyAt - now > (rules.longCount - 1) * drop {
                opensAt = emptyAt - (rules.longCount - 1) * drop
                continue
            }
            if let most {
                let ready = row < rules.free ? max(emptyAt - (most - 1) * drop, now) : due
                opensAt = min(ready, due)
                if opensAt > now { continue }
            }
            let held = (max(emptyAt - now, 0) / drop).rounded(.up)
            let isShown = rules.authenticators > 1 || logins + acceptedBefore >= 4
            let isNarrow = held >= rules.narrowFrom && isShown
            let isWrong = pow(1 - (isNarrow ? 1 : 3) / 1e6, Double(rules.authenticators))
            (guesses, allWrong) = (guesses + 1, allWrong * isWrong)
            byDay[Int(now / Self.day)] += 1
            if now < Self.day { allWrongOnDayOne *= isWrong }

            row += 1
            emptyAt = min(max(emptyAt, now) + drop, now + 30 * Self.day)
            let isFull = emptyAt - now > (rules.longCount - 1) * drop
            isLocked = row >= rules.lock
            // A login that is due before the wait is over does not shorten it.
            opensAt = now + max(rules.wait(after: row), isFull ? rules.fullWait : 0)
        }
        guessesOnDayOne = byDay[0]
        laterDay = byDay.dropFirst(days / 2).max() ?? 0
    }
}
