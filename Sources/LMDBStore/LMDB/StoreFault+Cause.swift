// What a failure inside the engine means for the store as a whole: full, unreadable, or broken.

import Store

extension StoreFault {
    /// - Parameter directory: says whether a write that was cut short means that there is no room.
    init(_ error: any Error, _ directory: StateDirectory) {
        switch error {
        case let fault as StoreFault: self = fault
        case let fault as LMDBFault: self = fault.storeFault(isDiskFull: directory.isFull)
        case let fault as LogFault: self = fault.storeFault
        case let refusal as OpeningRefusal: self = .broken(refusal.description)
        default: self = .broken("\(error)")
        }
    }
}
