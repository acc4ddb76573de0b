// How many lines are taken before the sockets are looked at again: that is a pass. Whoever has yet
// to be heard waits for its end, so passes are short while several parties are served.

import Store

struct LinePass {
    /// Lines that may still be taken.
    private(set) var left = ServerPolicy.linesPerPass
    private var company = Company()
    /// What a socket brings now, it brings in the next pass.
    private var hasEnded = false
    /// Somebody will say that the sockets were looked at.
    private var isAwaited = false

    /// So many lines of a party were taken. Returns whether somebody has to say when the sockets
    /// were looked at.
    mutating func take(_ lines: Int, of party: Party) -> Bool {
        left -= lines
        company.serve(party)
        if company.isShared { left = min(left, ServerPolicy.linesPerSharedPass) }
        guard left == 0, !isAwaited else { return false }
        isAwaited = true
        return true
    }

    /// All that the sockets have brought was taken up.
    mutating func end() { hasEnded = true }

    /// A socket brings something. After the end of a pass, all were looked at since.
    mutating func bring() {
        if hasEnded, !isAwaited { begin() }
        hasEnded = false
    }

    /// The sockets were looked at.
    mutating func begin() {
        isAwaited = false
        company.begin()
        left = company.isShared ? ServerPolicy.linesPerSharedPass : ServerPolicy.linesPerPass
    }
}
