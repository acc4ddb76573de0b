// What a client must do in time: end a line that it began, and read what it was sent. A slow client
// must never be taken for one that does nothing.

import NIOCore

extension Connection {
    /// A line that has begun must end in time. One timer serves all lines of a connection.
    func watchPartialLine() {
        // While lines wait here, what comes after them is not late.
        guard decoder.hasPartialLine, !hasLines, mayTakeLine else {
            partialSince = nil
            return
        }
        let since = partialSince ?? .now()
        partialSince = since
        guard !hasLineTimer else { return }
        hasLineTimer = true
        schedule(at: since + ServerPolicy.lineTime) { connection in
            connection.hasLineTimer = false
            guard let since = connection.partialSince else { return }
            if .now() - since >= ServerPolicy.lineTime {
                connection.context?.close(promise: nil)
            } else {
                connection.watchPartialLine()
            }
        }
    }

    /// A client that reads nothing at all for a while is let go. A slow one is not.
    func watchWriting() {
        guard let buffered else { return }
        let since = NIODeadline.now()
        stall = (buffered, since)
        schedule(at: since + ServerPolicy.writeTime) { connection in
            // A client that has kept up in between has another timer, if any.
            guard let stall = connection.stall, stall.since == since,
                let buffered = connection.buffered
            else { return }
            if buffered < stall.bytes {
                connection.watchWriting()
            } else if let watcher = connection.watcher, !connection.isEnding {
                watcher.end(.tooSlow)
            } else {
                connection.context?.close(promise: nil)
            }
        }
    }

    private var buffered: Int? {
        do {
            return try context?.channel.syncOptions?.getOption(.bufferedWritableBytes)
        } catch {
            preconditionFailure("every socket channel of NIO counts what it has to write")
        }
    }

    private func schedule(
        at deadline: NIODeadline, _ body: @escaping @Sendable (Connection) -> Void
    ) {
        guard let loop = context?.eventLoop else { return }
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(deadline: deadline) { body(bound.value) }
    }
}
