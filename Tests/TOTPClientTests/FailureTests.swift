// Servers that hang up, are late, or say too much. No failure may look like a yes, neither now nor
// as the answer to the next question.

import Testing

@testable import TOTPClient

@Suite struct FailureTests {
    private static let yes = "{\"ok\":true}"

    @Test("a yes without its LF is none", arguments: ["", "{", "{\"ok\":true}"])
    func hangUpMidLine(part: String) throws {
        let (client, peer) = try Peer.pair()
        peer.serve { peer in
            _ = try peer.readLine()
            try peer.write(part)
            peer.hangUp()
        }
        #expect(throws: ClientError.closedByServer) { try client.request("?") }
        #expect(throws: ClientError.outOfStep) { try client.request("?") }
        #expect(throws: ClientError.outOfStep) { try client.receive() }
    }

    @Test("replies before a hang-up count, those after it do not come")
    func hangUpBetween() throws {
        let (client, peer) = try Peer.pair()
        try client.send("1")
        try client.send("2")
        _ = try peer.read()
        try peer.write("one\ntw")
        peer.hangUp()
        #expect(try client.receive().text == "one")
        #expect(throws: ClientError.closedByServer) { try client.receive() }
    }

    @Test("writing to a server that is gone is an error, and no signal")
    func gone() throws {
        let (client, peer) = try Peer.pair()
        peer.hangUp()
        #expect(throws: ClientError.closedByServer) { try client.request("?") }
        #expect(throws: ClientError.outOfStep) { try client.send("?") }
    }

    @Test("a server that hangs up with unread requests is gone as well")
    func reset() throws {
        let (client, peer) = try Peer.pair()
        try client.send("never read")
        peer.hangUp()
        #expect(throws: ClientError.closedByServer) { try client.receive() }
    }

    @Test("a full server's refusal is read although it came before the question")
    func busy() throws {
        let (client, peer) = try Peer.pair()
        let refusal = #"{"ok":false,"error":"busy"}"#
        try peer.write(refusal + "\n")
        peer.hangUp()
        let reply = try client.request("?")
        #expect(reply.text == refusal)
        #expect(!reply.isYes)
        #expect(throws: ClientError.outOfStep) { try client.request("?") }
    }

    @Test("but a yes that came before the question is none")
    func yesBeforeTheQuestion() throws {
        let (client, peer) = try Peer.pair()
        try peer.write(Self.yes + "\n")
        peer.hangUp()
        #expect(throws: ClientError.closedByServer) { try client.request("?") }
    }

    @Test("an answer that comes too late is not taken for the next one", arguments: ["", "{"])
    func late(part: String) throws {
        let (client, peer) = try Peer.pair(timeout: .milliseconds(20))
        try peer.write(part)
        #expect(throws: ClientError.timedOut) { try client.request("may ada?") }
        try peer.write(Self.yes + "\n")
        #expect(throws: ClientError.outOfStep) { try client.request("may eve?") }
        #expect(throws: ClientError.outOfStep) { try client.receive() }
    }

    @Test("a second answer to one question is not taken for the next one")
    func twice() throws {
        let (client, peer) = try Peer.pair()
        try client.send("may ada?")
        try peer.write("{\"ok\":false}\n" + Self.yes + "\n")
        #expect(try client.receive().isYes == false)
        #expect(throws: ClientError.outOfStep) { try client.request("may eve?") }
    }

    @Test("request does not jump the queue of what was sent before")
    func queued() throws {
        let (client, peer) = try Peer.pair()
        try client.send("1")
        #expect(throws: ClientError.outOfStep) { try client.request("2") }
        #expect(try peer.readLine() == "1")
    }

    @Test("a byte now and then does not hold the client for ever")
    func dripping() throws {
        let (client, peer) = try Peer.pair(timeout: .milliseconds(50))
        peer.serve { peer in
            while true { try peer.write([120]) }
        }
        #expect(throws: ClientError.timedOut) { try client.request("?") }
    }

    @Test("a server that reads nothing is given up")
    func unread() throws {
        let (client, peer) = try Peer.pair(timeout: .milliseconds(50))
        let longest = String(repeating: "x", count: LineBuffer.lineBytesMax)
        #expect(throws: ClientError.timedOut) { try client.send(longest) }
        #expect(throws: ClientError.outOfStep) { try client.send("x") }
        peer.hangUp()
    }

    @Test("errors say what failed, and never what was said")
    func words() {
        let errors: [ClientError] = [
            .pathUnfit(path: "/x"), .callFailed(call: "recv", code: 5), .closedByServer,
            .unreachable(path: "/run/totpd.sock", code: 2), .timedOut, .lineTooLong, .lineBroken,
            .outOfStep,
        ]
        for error in errors {
            let text = "\(error)"
            #expect(text.first?.isLowercase == true && text.last != ".", "\(text)")
        }
        let reason = "cannot connect to /run/totpd.sock: No such file or directory (errno 2)"
        #expect("\(errors[3])" == reason)
    }
}
