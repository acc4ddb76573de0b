// What one change came to, when its batch was kept. Each kind of change has a result of its own, so
// that nobody has to handle an answer that cannot be.

package enum ChangeResult: Sendable {
    case account(AccountResult)
    case limit(LimitResult)
    /// There is nothing to say of an event but that it was kept.
    case event
}
