// A no that is expected. It says what an honest person needs and nothing that narrows a search.

package struct Refusal: Error, Equatable, Sendable {
    package let name: ErrorName
    package let field: String?
    package let retryAfter: Duration?
    package let detail: String?
    /// With `throttled`, of a code.
    package let spent: Spent?

    /// Whose failures were too many.
    package enum Spent: String, Equatable, Sendable {
        case account
        case source
        case browser
    }

    package init(
        _ name: ErrorName, field: String? = nil, retryAfter: Duration? = nil,
        detail: String? = nil, spent: Spent? = nil
    ) {
        self.name = name
        self.field = field
        self.retryAfter = retryAfter
        self.detail = detail
        self.spent = spent
    }
}
