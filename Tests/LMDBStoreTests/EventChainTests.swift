// The blocks of events on the disk: each has the hash of the one before it, across openings too.

import Accounts
import Secrets
import StoreHarness
import Testing

@testable import Store

@Suite("Events on the disk")
struct EventChainTests {
    @Test("are a chain that goes on after reopening")
    func chained() throws {
        let ada = try Person("ada")
        let subject = try Subject(.lmdb)
        for step in 0..<6 {
            try subject.ask(ada.wrong(at: Clock.start), ada.status(), ada.enroll())
            if step % 2 == 1 { try subject.reopen() }
            // Only a look: it must not move the chain.
            try subject.ask(ada.status())
        }
        let blocks = try subject.inside { try $0.eventBlocks() }
        #expect(blocks.flatMap(\.events).map(\.sequence) == Array(1...12))
        var previous = [UInt8](repeating: 0, count: 32)
        for block in blocks {
            #expect(block.previous == previous)
            previous = block.bytes.withUnsafeBytes { SHA256.hash($0) }
        }
    }
}
