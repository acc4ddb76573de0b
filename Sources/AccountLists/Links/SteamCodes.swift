// Steam's codes are drawn from the same secrets and clocks as those of RFC 6238, and are five
// letters and digits. A row that says it is Steam's is wrong, since none of its codes would match.

enum SteamCodes {
    static let fault = RowFault(
        "this is Steam's, whose codes are five letters and digits, and no TOTP (RFC 6238)")

    /// Throws for what Steam calls itself, and lets `Steamboat` pass.
    static func refuse(issuer: String) throws(RowFault) {
        let word = issuer.trimmed.lowercased().prefix { $0.isLetter }
        guard !["steam", "steamguard", "steampowered"].contains(word) else { throw fault }
    }
}
