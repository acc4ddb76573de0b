// One request to the store: which account or limit, and the pure function that decides; or an event
// that is about neither. It carries no effect: an engine may run it more than once.

package enum Change: Sendable {
    case account(AccountChange)
    case limit(LimitChange)
    case event(EventChange)
}
