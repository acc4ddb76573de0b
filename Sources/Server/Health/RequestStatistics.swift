// What requests tell: how many had which result, how far the host's clock is off, whether all
// codes of an app come from one place, and whether somebody guesses. `stats`, `metrics` and
// `health` are made of it.

final class RequestStatistics: @unchecked Sendable {
    // Unchecked, because it is used on the event loop alone.
    var counts = RequestCounts()
    var skew = SkewWindow()
    var behind = ClockBehind()
    var sources = SourceSpread()
    var guesses = GuessWatch()
}
