// Whose counts a bucket of limits has: those of one app, and of one kind. So failures by source are
// told apart from the keys of the app's own.

package struct LimitOwner: Hashable, Sendable {
    /// Who limits: the app by its own rule, or totpd, for failures by source.
    package enum Kind: UInt8, Sendable {
        case limit = 0
        case source = 1
    }

    package let app: AppName
    package let kind: Kind

    package init(app: AppName, kind: Kind) {
        (self.app, self.kind) = (app, kind)
    }
}
