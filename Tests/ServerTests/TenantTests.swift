// The promise of two apps on one host: whatever one of them does, and whatever an admin does with
// it, changes no reply that the other gets. Shown with random lives of both, each played twice:
// alone, and with the other in between.

import Accounts
import SeededRandom
import Testing

@Suite("Two apps with the same users")
struct TenantTests {
    @Test("share nothing: what one does changes no reply of the other", arguments: 0..<8)
    func apart(_ number: Int) throws {
        var generator = SeededGenerator.announced()
        let scenes = (0..<100).map { _ in Scene.random(using: &generator) }
        let alone = try TenantStage().play(scenes, with: [.mine])
        let together = try TenantStage().play(scenes, with: [.mine, .theirs, .reload])
        #expect(alone.count > 20)
        for (index, (reply, other)) in zip(alone, together).enumerated() {
            #expect(reply == other, "reply \(index)")
        }
        #expect(alone.count == together.count)
    }

    @Test("a life is full of what may go wrong, or the promise would be empty")
    func lively() throws {
        var generator = SeededGenerator.announced()
        let expected: Set = [
            "ok", "not_enrolled", "already_enrolled", "code_required", "no_enrollment",
            "wrong_code", "replayed", "throttled",
        ]
        var seen: Set<String> = []
        // Eight lives are enough as a rule, and now and then a rare answer takes more.
        for _ in 0..<64 where !seen.isSuperset(of: expected) {
            let scenes = (0..<100).map { _ in Scene.random(using: &generator) }
            seen.formUnion(try TenantStage().play(scenes, with: [.mine, .theirs]).map(brief))
        }
        #expect(seen.isSuperset(of: expected), "\(expected.subtracting(seen)) never came")
    }
}

/// Something that happens at a moment.
struct Scene: Sendable {
    enum Kind: Hashable, Sendable {
        /// The app whose replies are compared does something.
        case mine
        /// The other app does.
        case theirs
        /// The other app's settings change.
        case reload
    }

    let kind: Kind
    let act: TenantAct
    /// Since the scene before.
    let secondsLater: Int64
    let settings: String

    static func random(using generator: inout SeededGenerator) -> Scene {
        let kinds: [Kind] = [.mine, .mine, .mine, .theirs, .theirs, .theirs, .reload]
        let settings = [
            "", "digits = 8", "accounts_max = 1", "connections_max = 1", "issuer = \"Other\"",
            "[app.theirs.throttle]\nfree_failures = 3\nwait_min = 300",
            "[app.theirs.throttle]\nfailures_max = 20", "[app.theirs.limits.x]\nmax = 1\nper = 1",
        ]
        return Scene(
            kind: kinds.randomElement(using: &generator) ?? .mine,
            act: TenantAct.random(using: &generator),
            secondsLater: [0, 0, 0, 1, 1, 30, 60].randomElement(using: &generator) ?? 0,
            settings: settings.randomElement(using: &generator) ?? "")
    }
}
