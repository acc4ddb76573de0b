// The operations by name. `OperationName+Rules.swift` says what each of them has.

package enum OperationName: String, CaseIterable, Sendable {
    case hello
    case enroll
    case confirm
    case cancel
    case verify
    case backupCodes = "backup_codes"
    case disable
    case remove
    case resync
    case status
    case trusted
    case forget
    case history
    case limit
    case show
    case reset
    case unlock
    case `import`
    case rename
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
}
