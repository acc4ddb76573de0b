// What the log, or a part of it, knows of one record.

enum Logged {
    /// Nothing: what is older counts.
    case nothing
    case gone
    case record(UnsafeRawBufferPointer)

    init(_ place: LogPlace, in bytes: UnsafeRawBufferPointer) {
        if !place.isSomewhere {
            self = .nothing
        } else if let record = place.record(in: bytes) {
            self = .record(record)
        } else {
            self = .gone
        }
    }

    var isNothing: Bool {
        if case .nothing = self { return true }
        return false
    }

    func or(_ older: Logged) -> Logged {
        if case .nothing = self { return older }
        return self
    }

    /// The record, where this says something of it, and otherwise the older one.
    func or(_ older: UnsafeRawBufferPointer?) -> UnsafeRawBufferPointer? {
        switch self {
        case .nothing: return older
        case .gone: return nil
        case .record(let bytes): return bytes
        }
    }
}
