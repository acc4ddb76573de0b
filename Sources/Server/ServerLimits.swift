// Those limits that a test has smaller, to come to them.

package struct ServerLimits: Sendable {
    package static let standard = ServerLimits()
    package var appConnectionsMax = ServerPolicy.appConnectionsMax
    package var changesDecidedHereMax = ServerPolicy.changesDecidedHereMax
    package var watchBehindMax = ServerPolicy.watchBehindMax
    package var unaskedBytesMax = ServerPolicy.unaskedBytesMax

    package init() {}
}
