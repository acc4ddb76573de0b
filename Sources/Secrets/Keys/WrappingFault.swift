// Why the data keys did not unwrap. Each is a reason not to start.

package enum WrappingFault: Error, Equatable, Sendable, CustomStringConvertible {
    case missingMasterKey(KeyID)
    case wrongMasterKey(KeyID)
    case unknownFormat

    package var description: String {
        switch self {
        case .missingMasterKey(let id):
            return "the store is sealed under master key \(id), which is not in the key file"
        case .wrongMasterKey(let id):
            return "master key \(id) does not open this store: it is the wrong key, or the store's "
                + "key record is damaged"
        case .unknownFormat:
            return "the store's key record has a format this version does not know"
        }
    }
}
