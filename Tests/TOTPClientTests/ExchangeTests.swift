// Questions and answers over a real socket, with a server that answers in every way a server can.

import Foundation
import Testing

@testable import TOTPClient

@Suite struct ExchangeTests {
    @Test("a request goes out as one line, and its reply comes back")
    func request() throws {
        let (client, peer) = try Peer.pair()
        peer.serve { peer in
            while true { try peer.write("<\(try peer.readLine())>\n") }
        }
        for word in ["one", "", "zwölf"] {
            #expect(try client.request(word).text == "<\(word)>")
        }
    }

    @Test("requests sent ahead are answered in order, however the replies are packed")
    func pipelined() throws {
        let (client, peer) = try Peer.pair()
        for number in 1...3 { try client.send("\(number)") }
        #expect(String(decoding: try peer.read(), as: UTF8.self) == "1\n2\n3\n")
        try peer.write("one\ntwo\nth")
        #expect(try client.receive().text == "one")
        #expect(try client.receive().text == "two")
        try peer.write("ree\n")
        #expect(try client.receive().text == "three")
        #expect(throws: ClientError.outOfStep) { try client.receive() }
    }

    @Test("a reply may come in two parts, cut anywhere, or byte by byte")
    func split() throws {
        let reply = Array("{\"ok\":true,\"user\":\"é\"}\n".utf8)
        let (client, peer) = try Peer.pair()
        peer.serve { peer in
            for cut in reply.indices {
                _ = try peer.readLine()
                try peer.write(Array(reply[..<cut]))
                try peer.write(Array(reply[cut...]))
            }
            _ = try peer.readLine()
            for byte in reply { try peer.write([byte]) }
        }
        for _ in 0...reply.count {
            #expect(try client.request("?").text == "{\"ok\":true,\"user\":\"é\"}")
        }
    }

    @Test("lines of the limit pass both ways at once; longer ones do not")
    func long() throws {
        let (client, peer) = try Peer.pair()
        // Writes back while it reads, so that both directions fill up.
        peer.serve { peer in
            while case let part = try peer.read(), !part.isEmpty { try peer.write(part) }
        }
        let longest = String(repeating: "x", count: LineBuffer.lineBytesMax)
        #expect(throws: ClientError.lineTooLong) { try client.send(longest + "x") }
        #expect(try client.request(longest).text == longest)
        #expect(try client.request("short").text == "short")
    }

    @Test("a server that does not end its line is left after the limit")
    func endless() throws {
        let (client, peer) = try Peer.pair()
        peer.serve { peer in
            let part = [UInt8](repeating: 120, count: 1 << 16)
            while true { try peer.write(part) }
        }
        #expect(throws: ClientError.lineTooLong) { try client.request("?") }
        #expect(throws: ClientError.outOfStep) { try client.request("?") }
    }

    @Test("a request with a line break is refused, and the connection is as it was")
    func lineBreak() throws {
        let (client, peer) = try Peer.pair()
        #expect(throws: ClientError.lineBroken) { try client.request("a\nb") }
        #expect(throws: ClientError.lineBroken) { try client.request("a\n") }
        try client.send("c")
        #expect(try peer.readLine() == "c")
    }

    @Test("signals do not disturb a wait")
    func signals() throws {
        // Whatever the handler's flags, poll(2) is never restarted (signal(7)).
        signal(SIGUSR1) { _ in }
        let (client, peer) = try Peer.pair()
        let thread = pthread_self()
        peer.serve { peer in
            _ = try peer.readLine()
            for _ in 0..<1_000 { pthread_kill(thread, SIGUSR1) }
            try peer.write("calm\n")
        }
        #expect(try client.request("?").text == "calm")
    }

    @Test("a client that is let go closes its connection")
    func closing() throws {
        var client: TOTPClient?
        let peer: Peer
        (client, peer) = try Peer.pair()
        try client?.send("bye")
        client = nil
        #expect(try peer.readLine() == "bye")
        #expect(try peer.read() == [])
    }
}
