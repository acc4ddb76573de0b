// Where in the log the newest records of one account are.

struct RecordPlaces: Equatable {
    static let none = RecordPlaces()
    var factor = LogPlace.nowhere
    var `guard` = LogPlace.nowhere

    init(factor: LogPlace = .nowhere, guard: LogPlace = .nowhere) {
        (self.factor, self.guard) = (factor, `guard`)
    }

    func moved(by distance: Int) -> RecordPlaces {
        RecordPlaces(
            factor: factor.isSomewhere ? factor.moved(by: distance) : factor,
            guard: `guard`.isSomewhere ? `guard`.moved(by: distance) : `guard`)
    }

    /// A bucket of limits has one record, and so has an app. Its place stands where a guard's
    /// would, in a table of its own.
    init(one place: LogPlace) { self.init(guard: place) }
    var one: LogPlace { self.guard }

    /// What is newer takes the place of what is there.
    mutating func update(_ newer: RecordPlaces) {
        if newer.factor.isSomewhere { factor = newer.factor }
        if newer.guard.isSomewhere { `guard` = newer.guard }
    }
}
