// Whether somebody guesses at the accounts of an app: far more codes are wrong in a day than is
// usual for it. Each account alone may look quiet meanwhile. Used on the event loop only.

import Accounts

struct GuessWatch {
    /// Fewer wrong codes in a day are nothing to look at, whatever is usual.
    static let wrongMin = 500
    /// So many times the usual are no good day's.
    static let factor = 5
    /// Days that say what is usual. An attack has to last for half of them to become usual.
    static let daysMax = 28

    private struct Days {
        /// Since 1970, by the clock of totpd's host.
        var today: Int64
        var wrong = 0
        /// Yeses of `verify`.
        var right = 0
        var isOver = false
        var wasOverYesterday = false
        /// False on the day of the first code: totpd may have been started in the middle of it.
        var isWhole = false
        /// Wrong codes of whole days, the newest last.
        var before: [Int] = []

        /// The median of the days before. Before there is any: as if one code in six were wrong.
        var usual: Int {
            before.isEmpty ? right / GuessWatch.factor : before.sorted()[before.count / 2]
        }

        mutating func begin(_ day: Int64) {
            guard day > today else {
                // The clock was set back: the day goes on, by another number.
                today = day
                return
            }
            if isWhole { before.append(wrong) }
            // Whoever asks for nothing has no wrong codes: those days count, too.
            let between = Int(min(day - today - 1, Int64(GuessWatch.daysMax)))
            before = (before + Array(repeating: 0, count: between)).suffix(GuessWatch.daysMax)
            wasOverYesterday = isOver && day == today + 1
            (today, wrong, right, isOver, isWhole) = (day, 0, 0, false, true)
        }

        /// Counts a code of a day. Returns whether somebody guesses, and whether that is new.
        mutating func note(_ isRight: Bool, on day: Int64) -> (isGuessedAt: Bool, isNew: Bool) {
            if day != today { begin(day) }
            let wasOver = isOver
            if isRight {
                right += 1
            } else {
                wrong += 1
                // What is usual takes a look at many days, which a quiet day does without.
                isOver =
                    wasOver || wrong > GuessWatch.wrongMin && wrong > GuessWatch.factor * usual
            }
            return (isOver || wasOverYesterday, isOver && !wasOver)
        }
    }

    /// By app: those that may speak, and so few.
    private var apps: [AppName: Days] = [:]
    /// Of which it was so when they sent their last code. Nearly always there is none.
    private var guessedAt: Set<AppName> = []

    private static func day(_ now: Instant) -> Int64 { now.seconds / 86_400 }

    /// Counts a code that was compared.
    ///
    /// - Returns: whether from now on there are too many.
    mutating func note(isRight: Bool, of app: AppName, at now: Instant) -> Bool {
        let day = Self.day(now)
        let (isGuessedAt, isNew) = apps[app, default: Days(today: day)].note(isRight, on: day)
        if isGuessedAt {
            guessedAt.insert(app)
        } else if !guessedAt.isEmpty {
            guessedAt.remove(app)
        }
        return isNew
    }

    /// From the code on that was too many until the end of the next day.
    func isGuessedAt(_ app: AppName, at now: Instant) -> Bool {
        guard guessedAt.contains(app), let days = apps[app] else { return false }
        let day = Self.day(now)
        return day <= days.today
            ? days.isOver || days.wasOverYesterday : days.isOver && day == days.today + 1
    }

    func isAnyGuessedAt(at now: Instant) -> Bool {
        guessedAt.contains { isGuessedAt($0, at: now) }
    }
}
