// The parts of a store that can be damaged one without the other, as `health` names them.

package enum StorePart: String, CaseIterable, Sendable {
    case accounts
    case limits
    case events
    /// How many accounts each app has.
    case apps
    /// The list of what can be used again.
    case freePages = "free_pages"
    /// What it knows about itself.
    case store
}
