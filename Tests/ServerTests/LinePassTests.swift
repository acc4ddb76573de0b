// When lines may be taken again, and how many: sockets that nobody has looked at are not forgotten.

import Accounts
import Store
import Testing

@testable import Server

@Suite("A pass over the sockets")
struct LinePassTests {
    private static func party(_ name: String) throws -> Party {
        .app(try #require(AppName(name)))
    }

    /// Takes lines, and returns whether somebody has to say when the sockets were looked at, and
    /// how many may still be taken.
    private static func take(
        _ lines: Int, of party: Party, _ pass: inout LinePass
    ) -> (isAwaited: Bool, left: Int) {
        let isAwaited = pass.take(lines, of: party)
        return (isAwaited, pass.left)
    }

    @Test("ends with its 256th line, and another begins once the sockets were looked at")
    func whole() throws {
        var pass = LinePass()
        let one = try Self.party("a")
        var taken = Self.take(255, of: one, &pass)
        #expect(taken == (false, 1))
        taken = Self.take(1, of: one, &pass)
        #expect(taken == (true, 0))
        pass.end()
        pass.bring()
        #expect(pass.left == 0, "what a socket brought then it may have brought before")
        pass.begin()
        #expect(pass.left == 256)
    }

    @Test("that took fewer needs nobody to say so: what a socket brings next begins another")
    func short() throws {
        var pass = LinePass()
        let one = try Self.party("a")
        for _ in 0..<20 {
            for left in [156, 56] {
                pass.bring()
                let taken = Self.take(100, of: one, &pass)
                #expect(taken == (false, left))
            }
            pass.end()
        }
    }

    @Test("has 64 lines from the line on by which another party is heard")
    func shared() throws {
        var pass = LinePass()
        let (one, other) = (try Self.party("a"), try Self.party("b"))
        var taken = Self.take(100, of: one, &pass)
        #expect(taken == (false, 156))
        taken = Self.take(1, of: other, &pass)
        #expect(taken == (false, 64))
        taken = Self.take(64, of: one, &pass)
        #expect(taken == (true, 0))
        pass.begin()
        #expect(pass.left == 64)
    }
}
