// A connection that watches: events instead of replies, for as long as the client reads them.

import NIOCore
import Wire

extension Connection {
    func watch(_ filter: EventFilter, after cursor: UInt64) {
        guard let loop = context?.eventLoop, !isDraining else { return }
        let watcher = EventWatcher(filter, after: cursor, turn, self)
        self.watcher = watcher
        turn.add(watcher)
        watcher.advance(loop)
    }

    /// The client has gone.
    func stopWatching() {
        guard let watcher else { return }
        watcher.stop()
        turn.remove(watcher)
        self.watcher = nil
    }

    /// Whether the client has read all that it was sent, so that there is room for more.
    var mayTakeEvents: Bool { context != nil && !isWriting && !replies.hasReady }

    func write(_ lines: [WatchLine]) {
        replies.fill(replies.reserve()) { text in
            for line in lines { line.write(to: &text) }
        }
        flushSoon()
    }

    /// Writes the last line, behind whatever the client has yet to read, and closes once it has
    /// read that, or has had its time.
    func end(with line: WatchLine) {
        guard let context, !isEnding else { return }
        isEnding = true
        guard isWriting else {
            write([line])
            return
        }
        var text = replies.ready
        replies.removeReady()
        line.write(to: &text)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: text)), promise: nil)
        watchWriting()
    }
}
