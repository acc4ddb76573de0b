// The operations by name, and which socket may ask for them.

package enum OperationName: String, CaseIterable, Sendable {
    case hello
    case enroll
    case confirm
    case cancel
    case verify
    case backupCodes = "backup_codes"
    case disable
    case status
    case trusted
    case forget
    case history
    case limit
    case show
    case reset
    case unlock
    case `import`
    case sources
    case clearSource = "clear_source"
    case apps
    case users
    case events
    case watch
    case stats
    case metrics
    case health
    case check
    case rotateKey = "rotate_key"
    case backup
    case export

    /// Those asked for most often first.
    private static let byText = ShortNames([.verify] + allCases, text: \.rawValue)

    /// What `init(rawValue:)` does, which compares one text after the other.
    init?(_ text: String) {
        guard let name = Self.byText[text.utf8] else { return nil }
        self = name
    }

    package var isForAdminsOnly: Bool {
        switch self {
        case .hello, .enroll, .confirm, .cancel, .verify, .backupCodes, .disable, .status, .trusted,
            .forget, .history, .limit:
            return false
        case .show, .reset, .unlock, .import, .sources, .clearSource, .apps, .users, .events,
            .watch,
            .stats, .metrics, .health, .check, .rotateKey, .backup, .export:
            return true
        }
    }
}
