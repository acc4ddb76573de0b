// What a limit counts. Keys of different apps never meet.

package struct LimitKey: Equatable, Sendable {
    package let owner: LimitOwner
    /// Of a limit in the configuration.
    package let name: String?
    /// In the app's words; opaque.
    package let key: String?
    package let address: IPAddress?

    /// One of `key` and `address` is there, or both.
    package init(app: AppName, name: String?, key: String?, address: IPAddress?) {
        owner = LimitOwner(app: app, kind: .limit)
        (self.name, self.key, self.address) = (name, key, address)
    }

    /// The source of a code: an address, or anything else that the app tells its clients apart by.
    package init(app: AppName, source: Source, ipv6PrefixBits: Int) {
        (owner, name) = (LimitOwner(app: app, kind: .source), nil)
        address = source.address?.network(ipv6PrefixBits: ipv6PrefixBits)
        key = address == nil ? source.text : nil
    }
}
