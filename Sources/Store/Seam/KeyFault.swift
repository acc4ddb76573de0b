// Why keys cannot be changed now. Nothing was changed then.

import Secrets

package enum KeyFault: Error, Sendable, CustomStringConvertible {
    /// The change of record keys before has not come to its end.
    case isChanging
    /// A ring that does not open the store: it was not taken.
    case wrapping(WrappingFault)
    case store(StoreFault)

    package var description: String {
        switch self {
        case .isChanging: return "a change of record keys is under way"
        case .wrapping(let fault): return fault.description
        case .store(let fault): return fault.description
        }
    }
}
