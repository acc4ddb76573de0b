// What the log, or a part of it, knows of an account's two records.

struct LoggedRecords {
    static var nothing: LoggedRecords { LoggedRecords(factor: .nothing, guard: .nothing) }
    let factor: Logged
    let `guard`: Logged

    init(_ places: RecordPlaces, in bytes: UnsafeRawBufferPointer) {
        factor = Logged(places.factor, in: bytes)
        `guard` = Logged(places.guard, in: bytes)
    }

    private init(factor: Logged, guard: Logged) {
        self.factor = factor
        self.guard = `guard`
    }

    func or(_ older: LoggedRecords) -> LoggedRecords {
        LoggedRecords(factor: factor.or(older.factor), guard: `guard`.or(older.guard))
    }
}
