// Why a store does not open: one sentence for each reason, for the operator.

import Secrets
import Store

package enum OpeningRefusal: Error, Sendable, CustomStringConvertible {
    case directory(String, StateDirectoryFault)
    case engine(String)
    /// A page is damaged that the whole store depends on.
    case damaged(String)
    /// Too little for a map of so many bytes.
    case addressSpace(Int)
    case wrapping(WrappingFault)
    case canary
    /// One of the store's own records is not of the same moment as the others.
    case mixed
    case keysGone
    case noStore
    case tableGone
    case unknownFormat(UInt8)
    case eventsBehindEnd
    case eventsMissing
    case copy
    /// Of a file that the host keeps one in.
    case epoch(String, String)
    case otherEpoch
    /// The log does not fit the store.
    case log(String)

    package var description: String {
        switch self {
        case .directory(let path, let fault): return "state directory '\(path)': \(fault)"
        case .addressSpace(let bytes):
            return "the store needs \(max(1, bytes >> 30)) GiB of address space, and this process "
                + "may not have as much; hint: ulimit -v unlimited, or LimitAS=infinity in the unit"
        case .damaged(let text): return "\(text); hint: restore a backup"
        case .engine(let text): return "the store cannot be opened (\(text))"
        case .wrapping(let fault): return fault.description
        case .canary: return "the store's canary does not open under its keys; the store is damaged"
        case .mixed:
            return
                "the store's own records are not of one moment: somebody put one back to what it "
                + "was; hint: restore a backup"
        case .keysGone:
            return "the store's key record is gone: nothing opens; hint: restore a backup"
        case .tableGone:
            return "the store has lost one of its tables; it is damaged: restore a backup"
        case .noStore: return "there is no store here yet"
        case .unknownFormat(let version):
            return "the store has format \(version), which this version of totpd does not know"
        case .eventsBehindEnd:
            return "the store has events behind the end of their chain; the store is damaged"
        case .eventsMissing:
            return "the store's newest events are gone, and perhaps more; hint: restore a backup"
        case .copy:
            return "this is a copy, which does not know what was used since; hint: have totpctl "
                + "restore put it in the place of the store"
        case .epoch(let path, let text): return "the epoch in '\(path)' cannot be read (\(text))"
        case .otherEpoch:
            return
                "this is not the store that this host had last: an older copy was put in its "
                + "place, or it was made anew; hint: have totpctl restore put the copy there"
        case .log(let text): return "\(text); hint: restore a backup"
        }
    }
}

extension OpeningRefusal {
    init(_ fault: LMDBFault) {
        self = fault.damage == nil ? .engine(fault.text) : .damaged(fault.text)
    }

    init(_ error: any Error, path: String) {
        switch error {
        case let refusal as OpeningRefusal: self = refusal
        case let fault as StateDirectoryFault: self = .directory(path, fault)
        case let fault as LMDBFault: self = .init(fault)
        case let fault as LogFault: self = .engine("its log: \(fault.text)")
        case let fault as StoreFault: self = .engine(fault.description)
        case let refusal as LogRefusal: self = .log(refusal.text)
        default: self = .engine("\(error)")
        }
    }
}
