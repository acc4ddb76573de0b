// How replies of the protocol are decoded into Swift's names.

import FoundationEssentials

extension JSONDecoder {
    /// Reads names_like_this as namesLikeThis.
    static var protocolDecoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
