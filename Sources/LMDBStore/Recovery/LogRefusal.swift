// Why the log does not fit the store.

enum LogRefusal: Error, Equatable {
    case missing(folded: UInt64, first: UInt64)
    case behind(last: UInt64, reached: UInt64)
    case hole(after: UInt64, found: UInt64)
    case otherHistory(UInt64)
    case cut(UInt64)
    case unknown

    var text: String {
        switch self {
        case .missing(let folded, let first):
            return "the log goes on at frame \(first), and the store has all up to \(folded); "
                + "frames between them are gone"
        case .behind(let last, let reached):
            return "the log ends at frame \(last), and has had frame \(reached)"
        case .hole(let last, let found):
            return "the log ends at frame \(last), but there is a frame \(found) behind that"
        case .otherHistory(let sequence):
            return "the log and the store have had different frames \(sequence): they do not "
                + "belong together"
        case .cut(let sequence):
            return "a file of the log is shorter than it was when frame \(sequence) was written"
        case .unknown: return "the log has a frame that this version of totpd does not know"
        }
    }
}
