// A browser in which a right code was typed. Its wrong codes are counted apart from those of
// strangers, so that nobody who guesses elsewhere keeps its owner out.

import Secrets

package struct KnownBrowser: Equatable, Sendable {
    package let id: BrowserID
    package let digest: [UInt8]
    package var createdAt: Instant
    /// Wrong codes in all: a right one does not take them back, or a thief's copy could guess on.
    package var failures: UInt8
    /// Nothing from it is compared before this.
    package var waitsUntil: Instant

    package init(
        id: BrowserID, digest: [UInt8], createdAt: Instant, failures: UInt8 = 0,
        waitsUntil: Instant = .distantPast
    ) {
        self.id = id
        self.digest = digest
        self.createdAt = createdAt
        self.failures = failures
        self.waitsUntil = waitsUntil
    }

    func wait(at now: Instant) -> Duration? {
        now < waitsUntil ? waitsUntil - now : nil
    }

    mutating func charge(at now: Instant, under policy: ThrottlePolicy) {
        failures += 1
        waitsUntil = now + wait(under: policy)
    }

    /// That of its newest failure.
    func wait(under policy: ThrottlePolicy) -> Duration {
        Throttle.wait(after: UInt32(failures), under: policy)
    }

    fileprivate func isOf(_ proof: BrowserProof) -> Bool {
        id == proof.id
            && digest.withUnsafeBytes { left in
                proof.digest.withUnsafeBytes { right in SecretBytes.areEqual(left, right) }
            }
    }
}

extension Account {
    /// Too old; or of a store that was put back since, which may have forgotten how many of its
    /// codes were wrong.
    func isOver(_ browser: KnownBrowser, at now: Instant) -> Bool {
        now >= browser.createdAt + Policy.browserLifetime
            || browser.createdAt <= usedBefore.devices
    }

    /// Whether strangers are told apart from anybody.
    func hasKnownBrowsers(at now: Instant) -> Bool {
        self.guard.browsers.contains { !isOver($0, at: now) }
    }

    /// Where the browser is that sent this; nil for a stranger.
    func known(_ proof: BrowserProof?, at now: Instant) -> Int? {
        guard let proof else { return nil }
        return self.guard.browsers.firstIndex { $0.isOf(proof) && !isOver($0, at: now) }
    }

    /// One more, in the place of the one that it was; at the cap in that of the oldest.
    mutating func know(_ new: BrowserProof, insteadOf old: BrowserID?, at now: Instant) {
        var browsers = self.guard.browsers.filter { $0.id != old && !isOver($0, at: now) }
        while browsers.count >= Policy.browsersMax,
            let oldest = browsers.min(by: { $0.createdAt < $1.createdAt })
        {
            browsers.removeAll { $0.id == oldest.id }
        }
        browsers.append(KnownBrowser(id: new.id, digest: new.digest, createdAt: now))
        self.guard.browsers = browsers
    }
}
