// A server that speaks of its own accord: its lines come whole and in order, and nothing else can
// be asked meanwhile.

import Foundation
import Testing

@testable import TOTPClient

@Suite struct StreamTests {
    private static let yes = #"{"ok":true,"watching":true}"#

    @Test("lines come one by one, however they are packed, until the server ends the stream")
    func lines() throws {
        let (client, peer) = try Peer.pair()
        peer.serve { peer in
            _ = try peer.readLine()
            // The first line of the stream may lie in the reply's packet.
            try peer.write(Self.yes + "\none\ntw")
            try peer.write("o\n")
            try peer.write("half")
            peer.hangUp()
        }
        #expect(try client.follow("watch").isYes)
        #expect(try client.nextLine()?.text == "one")
        #expect(try client.nextLine()?.text == "two")
        #expect(try client.nextLine()?.text == nil, "half a line is no line")
    }

    @Test("after a yes nothing more can be asked; after a no it can")
    func exclusive() throws {
        let (client, peer) = try Peer.pair()
        peer.serve { peer in
            _ = try peer.readLine()
            try peer.write("{\"ok\":false}\n")
            _ = try peer.readLine()
            try peer.write(Self.yes + "\n")
            _ = try peer.readLine()
        }
        #expect(try !client.follow("watch").isYes)
        #expect(try client.follow("watch").isYes)
        #expect(throws: ClientError.outOfStep) { try client.request("hello") }
        #expect(throws: ClientError.outOfStep) { try client.send("hello") }
    }
}
