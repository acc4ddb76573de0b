// The limits that tests set lower, so that they can reach them.

package struct ServerLimits: Sendable {
    package static let standard = ServerLimits()
    package var appConnectionsMax = ServerPolicy.appConnectionsMax
    package var changesDecidedHereMax = ServerPolicy.changesDecidedHereMax
    package var watchBehindMax = ServerPolicy.watchBehindMax
    package var unaskedBytesMax = ServerPolicy.unaskedBytesMax

    package init() {}
}
