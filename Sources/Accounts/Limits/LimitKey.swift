// What a limit counts, and where its count is kept. Keys of different apps never meet.

package struct LimitKey: Equatable, Sendable {
    /// Who limits: the app by its own rule, or totpd, for failures by source.
    package enum Kind: UInt8, Sendable {
        case limit = 0
        case source = 1
    }

    package let app: AppName
    package let kind: Kind
    /// Of a limit in the configuration.
    package let name: String?
    /// In the app's words; opaque.
    package let key: String?
    package let address: IPAddress?

    /// One of `key` and `address` is there, or both.
    package init(app: AppName, name: String?, key: String?, address: IPAddress?) {
        (self.app, kind) = (app, .limit)
        (self.name, self.key, self.address) = (name, key, address)
    }

    /// The source of a code: an address, or anything else that the app tells its clients apart by.
    package init(app: AppName, source: Source, ipv6PrefixBits: Int) {
        (self.app, kind, name) = (app, .source, nil)
        address = source.address?.network(ipv6PrefixBits: ipv6PrefixBits)
        key = address == nil ? source.text : nil
    }
}
