// Every limit of an account's life, each with where it comes from. Limits of connections and queues
// are in `ServerPolicy`.

import OneTimeCodes

package enum Policy {
    // MARK: Names

    /// Long enough for a UUID, an e-mail address (254) or a path-like id.
    package static let userBytesMax = 256
    /// An app's name is also part of a socket unit's name.
    package static let appBytesMax = 32
    /// What an authenticator app can still show on a line or two.
    package static let issuerBytesMax = 64
    package static let labelBytesMax = 256
    package static let reasonBytesMax = 256
    /// Of a backup or an export: a quarter of what Linux takes, and room for the names beside it.
    package static let pathBytesMax = 1024
    /// A passphrase that seals an export is guessed at without a throttle: at 0.3 s a guess, twelve
    /// random letters take 10⁹ processors a year.
    package static let passphraseBytesRange = 12...1024
    /// A code with spaces and hyphens between all its characters is well below this.
    package static let codeTextBytesMax = 64
    /// From 64 random bits in base32 or hexadecimal up to a long hash in hexadecimal.
    package static let attemptBytesRange = 16...64

    // MARK: Secrets

    /// 128 bits (RFC 4226 §4, R6); NIST's 112 bits lie below.
    package static let importedSecretBytesMin = 16
    /// Where an admin allows it: 80 bits were the default of wide-spread libraries for years.
    /// Nobody guesses 80 bits either, but whoever sees a few codes may find them with enough
    /// hardware.
    package static let shortSecretBytesMin = 10
    /// HMAC-SHA-512 hashes any longer key down to its 64 bytes; twice that leaves room.
    package static let importedSecretBytesMax = 128

    // MARK: Authenticators

    /// Two phones, a tablet, a token in the drawer, and as many more. Each makes a guess likelier
    /// to be right: with eight, 0.07 in a year in which somebody never stops guessing.
    package static let authenticatorsMax = 8
    /// "The phone in the kitchen", in any script.
    package static let authenticatorNameBytesMax = 64

    // MARK: Codes

    /// How many steps a clock may be followed that falls behind: 50 minutes, at 60 s, are the drift
    /// of a quartz token in ten years of a step a year, five times over.
    package static let driftMaxRange = 0...50
    /// One step either side: a phone may be 30 s off, and a person needs time to type.
    package static let windowSteps = 1
    /// How far ahead an accepted step may begin: the window, in the longest period.
    package static let stepAheadMax = Duration.seconds(
        Int64(windowSteps * CodeParameters.periodRange.upperBound))
    package static let backupCodes = 10
    /// An enrolment that nobody confirms is forgotten after ten minutes.
    package static let pendingLifetime = Duration.minutes(10)
    /// Tries to confirm an enrolment that a backup code began on a locked or waiting account. The
    /// person holds the new secret, so five are plenty; each backup code buys five, never more.
    package static let rescueConfirmations = 5
    /// How long the same `attempt` gets the same answer: a client's time-out and its retry.
    package static let attemptLifetime = Duration.seconds(90)
    /// How many `attempt`s an account remembers: all ten backup codes and both budgets' free
    /// failures fit. One that is forgotten is decided anew, and a used code is refused then.
    package static let attemptsRemembered = 16

    // MARK: Throttle (arithmetic in docs/security.md, computed by ThrottleArithmeticTests)

    /// A person with a wrong clock or a tired eye needs a few tries (RFC 4226 §7.3).
    package static let freeFailures: UInt32 = 5
    /// Fewer would punish a slip of the finger; more than ten is a gift.
    package static let freeFailuresRange: ClosedRange<UInt32> = 3...10
    /// The first wait, doubled with each further failure (NIST SP 800-63B-4 §3.2.2: "30 s … 1 h").
    package static let waitMin = Duration.seconds(30)
    package static let waitMinRange = Duration.seconds(30)...Duration.minutes(5)
    /// No cap would be a lock-out weapon; a lower one a gift to a guesser.
    package static let waitMax = Duration.hours(1)
    /// Below a quarter of an hour, a day would hold 96 guesses and more.
    package static let waitMaxRange = Duration.minutes(15)...waitMax
    /// NIST SP 800-63B-4 §3.2.2: no more than 100 consecutive failures.
    package static let consecutiveFailuresMax: UInt32 = 100
    /// Fewer than twenty would let a prankster lock an account in less than three hours, where
    /// the longest wait is the shortest allowed.
    package static let failuresMaxRange: ClosedRange<UInt32> = 20...consecutiveFailuresMax
    /// The long count, which a success does not reset: without it, someone whose victim logs in
    /// daily would get 99 fresh guesses a day.
    package static let longCountMax: Int64 = 100
    package static let longCountPeriod = Duration.days(30)
    /// What each failure past the long count costs at least: as much as the longest wait of a row.
    package static let longCountWait = waitMax
    /// Failures in the long count from which on one step is accepted instead of three: a third of
    /// it. Nobody gets there by mistyping, even with 24 logins a day and a tenth of them wrong, or
    /// eight and a fifth (`HonestPeopleTests`).
    package static let narrowLongCount = longCountMax / 3

    // MARK: Apps (what totpd.toml may say)

    /// At about 600 bytes an account, the upper bound is 60 GB: a quarter of the store's map.
    package static let accountsMaxRange = 1...100_000_000

    // MARK: Events

    /// Of those that an app can make without end (`BoundedEvent.cheap`): a bad day's are all kept,
    /// and then one a second. At 590 bytes, with the longest name and source, that is 51 MB a day,
    /// of which 8 GiB hold those of 168 days; 50,000 refusals a second would fill them in half an
    /// hour.
    package static let cheapEvents = LimitPolicy(max: 10_000, per: .seconds(10_000))
    /// Of wrong codes of people who have a factor: five each of 20,000, in an attack on all of a
    /// site, and then two a second, which is what a site with three million logins a day has. That
    /// is 102 MB a day.
    package static let wrongCodeEvents = LimitPolicy(max: 100_000, per: .seconds(50_000))
    /// Of alerts: as many as of cheap ones, and apart, so that none of those pushes an alert out.
    package static let alertEvents = cheapEvents

    // MARK: The clock

    /// NTP steps a clock that is off by less than this at a start, and a backup halts a virtual
    /// machine for less. More is a jump: what was off by five minutes refused every code.
    private static let clockJumpMin = Duration.minutes(5)
    /// A host that was off for a weekend or a week's holiday is nothing to look at.
    private static let clockRestMax = Duration.days(7)
    /// By how much the clock may differ from what it should say.
    static func clockTolerance(mayHaveRested: Bool) -> ClosedRange<Duration> {
        Duration(
            milliseconds: -clockJumpMin.milliseconds)...(mayHaveRested
            ? clockRestMax : clockJumpMin)
    }
    /// A clock that is wrong refuses every code: where anybody logs in, somebody has noticed by
    /// then. One that was set right is believed, after less where it was off by less.
    static let clockBelievedAfter = Duration.days(7)
    /// A host that is on for the 40 hours of a working week keeps up with its 168.
    static let clockCatchUp: Int64 = 6

    // MARK: Remembered devices

    /// A month, as most sites have it: a thief of the device has the browser's session anyway.
    package static let deviceLifetime = Duration.days(30)
    /// Zero switches them off; past a season, "remembered" would mean "never asked".
    package static let deviceDaysRange = 0...90
    /// A person's phone, tablet and computers, at home and at work, each with two browsers.
    package static let devicesMax = 10
    /// Each is about 100 bytes of the factor record, which every verify opens.
    package static let devicesMaxRange = 1...20
    /// "Firefox on the laptop in the kitchen", in any script.
    package static let deviceLabelBytesMax = 64
    /// How long tokens are good as they are, once one was replaced: tabs that are opened together
    /// send the same one, the later reply may be slow, and a page may ask again at once.
    package static let deviceGrace = Duration.seconds(60)
    /// Bad tokens that are looked at without a wait: ten browsers with a stale cookie.
    package static let deviceFailuresMax: Int64 = 10
    /// And one more for each minute that passes.
    package static let deviceFailurePeriod = Duration.minutes(1)

    // MARK: Known browsers

    /// Half a year: whoever logs in once a month is known.
    package static let browserLifetime = Duration.days(180)
    /// As many as a person uses, and few enough for each verify to open them: 41 bytes each.
    package static let browsersMax = 8
    /// A cookie that was stolen is worth so many guesses at three codes each: a chance of 6 · 10⁻⁵.
    package static let browserFailuresMax: UInt8 = 20

    // MARK: Limits by source and by key

    /// An office behind one address: fifty people of it mistype once in ten minutes.
    package static let sourceFailuresMax = 50
    package static let sourceFailuresPer = Duration.minutes(10)
    /// What one customer is given (RFC 6177): any address of it is the same source.
    package static let ipv6PrefixBits = 64
    /// From a provider's customer (RFC 6177) down to a single address.
    package static let ipv6PrefixRange = 32...128
    package static let limitMaxRange = 1...1_000_000
    /// A second to a month.
    package static let limitSecondsRange = 1...2_592_000
    package static let limitPerMax = Duration.days(30)
    /// Room for `login`, `reset-mail` and their like in a configuration and in a request.
    package static let limitNameBytesMax = 64
    /// An app's own key, or a source: as long as a user's name.
    package static let limitKeyBytesMax = 256
}
