// What happened to an account, as protocol.md names it. A name, once published, keeps its meaning.

import Accounts

extension HistoryEntry.What {
    var text: String {
        switch self {
        case .enrolled: return "enrolled"
        case .backupCodesRenewed: return "backup_codes_renewed"
        case .backupCodeUsed: return "backup_code_used"
        case .deviceRemembered: return "device_remembered"
        case .deviceEnded: return "device_ended"
        case .stolenDevice: return "stolen_device"
        case .locked: return "locked"
        case .unlocked: return "unlocked"
        case .disabled: return "disabled"
        case .reset: return "reset"
        case .imported: return "imported"
        case .authenticatorAdded: return "authenticator_added"
        case .authenticatorRemoved: return "authenticator_removed"
        case .renamed: return "renamed"
        }
    }
}

extension HistoryEntry.Operation {
    var text: String { name.rawValue }

    private var name: OperationName {
        switch self {
        case .enroll: return .enroll
        case .confirm: return .confirm
        case .verify: return .verify
        case .backupCodes: return .backupCodes
        case .disable: return .disable
        case .trusted: return .trusted
        case .forget: return .forget
        case .reset: return .reset
        case .unlock: return .unlock
        case .importFactor: return .import
        case .remove: return .remove
        case .rename: return .rename
        case .resync: return .resync
        }
    }
}
