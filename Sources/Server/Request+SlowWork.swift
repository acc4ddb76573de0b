// Which requests may take slow work. A request that is passed over here lets later ones on its
// connection overtake it.

import OneTimeCodes
import Wire

extension Request {
    /// Whether answering may take slow work: backup codes are hashed slowly, pictures are drawn.
    var mayBeSlow: Bool {
        guard case .account(_, let asked) = body else { return false }
        switch asked {
        case .confirm, .renewBackupCodes: return true
        case .enroll(let request): return request.qr != nil || request.code.isBackup
        case .verify(let code, _): return Optional(code).isBackup
        case .disable(let code): return Optional(code).isBackup
        case .cancel, .status, .show, .reset, .unlock, .importFactor: return false
        }
    }
}

extension SubmittedCode? {
    fileprivate var isBackup: Bool {
        if case .backup = self { return true }
        return false
    }
}
