// Some apps, in the order of their names.

package struct AppSlice: Equatable, Sendable {
    package let apps: [AccountCount]
    /// Whether there are more.
    package let isCut: Bool

    package init(apps: [AccountCount], isCut: Bool) {
        (self.apps, self.isCut) = (apps, isCut)
    }
}
