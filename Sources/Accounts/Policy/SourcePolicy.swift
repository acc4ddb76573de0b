// Failures of one source over all accounts of the app.

package struct SourcePolicy: Equatable, Sendable {
    package static let standard = SourcePolicy()

    package var max = Policy.sourceFailuresMax
    package var per = Policy.sourceFailuresPer
    /// How much of an IPv6 address says where it comes from.
    package var ipv6PrefixBits = Policy.ipv6PrefixBits

    package init() {}
}
