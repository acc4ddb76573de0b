// What each operation about no single account asks for, field by field.

import Accounts

struct AdminRequestReader {
    let fields: Fields

    /// Nil for an operation on an account.
    func request(
        _ operation: OperationName, naming app: AppName?
    ) throws(Refusal) -> AdminRequest? {
        guard let asked = try asked(operation) else { return nil }
        return AdminRequest(app: app, reason: try fields.reason(), asked: asked)
    }

    private func asked(_ operation: OperationName) throws(Refusal) -> AdminRequest.Asked? {
        switch operation {
        case .check: return .check
        case .hello, .enroll, .confirm, .cancel, .verify, .backupCodes, .disable, .status, .show,
            .reset, .unlock, .import:
            return nil
        }
    }
}
