// When lines may be taken again, and how many: sockets that nobody has looked at are not forgotten.

import Testing

@testable import Server

@Suite("A pass over the sockets")
struct LinePassTests {
    /// Takes lines, and returns whether somebody has to say when the sockets were looked at, and
    /// how many may still be taken.
    private static func take(
        _ lines: Int, _ pass: inout LinePass
    ) -> (isAwaited: Bool, left: Int) {
        let isAwaited = pass.take(lines)
        return (isAwaited, pass.left)
    }

    @Test("ends with its 256th line, and another begins once the sockets were looked at")
    func whole() {
        var pass = LinePass()
        var taken = Self.take(255, &pass)
        #expect(taken == (false, 1))
        taken = Self.take(1, &pass)
        #expect(taken == (true, 0))
        pass.end()
        pass.bring()
        #expect(pass.left == 0, "what a socket brought then it may have brought before")
        pass.begin()
        #expect(pass.left == 256)
    }

    @Test("that took fewer needs nobody to say so: what a socket brings next begins another")
    func short() {
        var pass = LinePass()
        for _ in 0..<20 {
            for left in [156, 56] {
                pass.bring()
                let taken = Self.take(100, &pass)
                #expect(taken == (false, left))
            }
            pass.end()
        }
    }
}
