// Which requests may take slow work, or work of many steps. A request that is passed over here lets
// later ones on its connection overtake it.

import OneTimeCodes
import Wire

extension Request {
    /// Whether answering may take slow work: backup codes are hashed slowly, pictures are drawn,
    /// and what is asked of many accounts has a long answer, so that each connection has one of
    /// them in memory at most.
    var mayBeSlow: Bool {
        let asked: Asked
        switch body {
        case .hello, .limit: return false
        case .admin: return true
        case .account(_, let it): asked = it
        }
        switch asked {
        case .confirm, .renewBackupCodes: return true
        case .enroll(let request): return request.qr != nil || request.code.isBackup
        case .verify(let request): return Optional(request.code).isBackup
        case .disable(let code, _): return Optional(code).isBackup
        case .importFactor(_, let codes): return !codes.isEmpty
        case .cancel, .status, .trusted, .forget, .history, .show, .reset, .unlock:
            return false
        }
    }
}

extension SubmittedCode? {
    fileprivate var isBackup: Bool {
        if case .backup = self { return true }
        return false
    }
}
