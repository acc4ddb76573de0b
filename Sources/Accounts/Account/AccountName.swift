// Whose account: an app and the app's own name for a user. Names are compared as bytes, and no
// spelling is folded into another (Vault's CVE-2025-6004).

package struct AccountName: Sendable {
    package let app: AppName
    package let user: String

    /// Nil unless the user has 1 to 256 bytes of UTF-8 without control characters.
    package init?(app: AppName, user: String) {
        guard (1...Policy.userBytesMax).contains(user.utf8.count), !user.hasControlCharacters else {
            return nil
        }
        self.app = app
        self.user = user
    }
}

extension AccountName: Equatable {
    /// By bytes. Swift's own `==` on strings takes é and e + ´ for the same.
    package static func == (left: AccountName, right: AccountName) -> Bool {
        left.app == right.app && left.user.utf8.elementsEqual(right.user.utf8)
    }
}
