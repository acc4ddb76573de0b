// What a request is held against before it is carried out: one row of the table of operations.

import Accounts

struct OperationRules: Sendable {
    typealias AccountReader = @Sendable (RequestReader) throws(Refusal) -> AskedOperation
    typealias AdminReader = @Sendable (AdminRequestReader) throws(Refusal) -> AdminRequest.Action

    enum Access: Sendable {
        /// Apps ask it for themselves, admins for the app they name.
        case apps
        case admins
    }

    /// What it is about, and how its own fields are read.
    enum Reading: Sendable {
        case hello
        case limit
        case account(AccountReader)
        case admin(AdminReader)
    }

    let name: OperationName
    let access: Access
    /// All it may have.
    let fields: FieldNames
    let reading: Reading
    /// Answering always takes slow work, or work of many steps.
    let isSlow: Bool

    /// Those asked for most often first.
    private static let byText = ShortNames(
        ([.verify] + OperationName.allCases).map(\.rules), text: \.name.rawValue)

    /// Nil when there is no such operation.
    static func of(_ name: String) -> OperationRules? { byText[name.utf8] }
}
