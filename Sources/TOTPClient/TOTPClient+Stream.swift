// A connection on which the server sends lines by itself, as after `watch`. It hands out whole
// lines.

import Glibc

extension TOTPClient {
    /// Asks for a stream. After a yes the lines come from `nextLine`, and every other exchange on
    /// this connection throws `outOfStep`.
    package func follow(_ line: String) throws(ClientError) -> Reply {
        let reply = try request(line)
        if reply.isYes { isOutOfStep = true }
        return reply
    }

    /// The stream's next line; waits for it without limit. Nil when the server has ended the
    /// stream.
    package func nextLine() throws(ClientError) -> Reply? {
        while true {
            if let line = try input.next() { return Reply(line: line) }
            switch try fill() {
            case 0: return nil
            case nil: try waitForInput()
            case _: continue
            }
        }
    }

    private func waitForInput() throws(ClientError) {
        do {
            _ = try wait(for: POLLIN, until: Deadline(after: .seconds(3600)))
        } catch .timedOut {
            // A quiet hour is no fault: the caller looks again.
        }
    }
}
