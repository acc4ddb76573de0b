// What a yes brings, by operation.

package enum Acceptance: Equatable, Sendable {
    case enrolled(expiresIn: Duration)
    /// One more authenticator counts beside the others.
    case added(AuthenticatorID)
    case verified(Verified)
    /// The token was replaced, unless it had been a moment ago.
    case trusted(TrustedDevice, isTokenReplaced: Bool)
    case status(AccountStatus)
    case shown(AccountDetails)
    case history([HistoryLine])
    /// Yes; and the clock is so far behind a used step that till then it is `clock_behind` to every
    /// code of a secret that was imported, or will be.
    case behind(Duration)
    /// Of an import that was only tried; and how long none of its codes would be accepted, as in
    /// `behind`.
    case wouldImport(ImportEffect, behind: Duration? = nil)
    /// Nothing to say but yes; new backup codes, where there are any, are the caller's to show.
    case done
}
