// So many within so long: `max` at once, and one comes back every `per` / `max`.

package struct LimitPolicy: Equatable, Sendable {
    package let max: Int
    package let per: Duration

    package init(max: Int, per: Duration) {
        self.max = max
        self.per = per
    }
}
