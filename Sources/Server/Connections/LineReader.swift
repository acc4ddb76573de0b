// What a connection reads: bytes as they come, cut into lines. Used on the event loop only.

import NIOCore
import Wire

/// A class, because a line is asked while it is lent.
final class LineReader {
    private var decoder = LineDecoder(lineBytesMax: Request.lineBytesMax)
    private var isReading = false
    /// The client has closed its side: nothing more comes.
    private var isClosed = false
    /// What was read may hold lines that were not taken yet.
    private(set) var hasLines = false
    /// Bytes that were read without our asking; given back with the connection.
    private(set) var unasked = 0

    /// A line has begun, and none waits before it.
    var isInsideLine: Bool { decoder.hasPartialLine && !hasLines }
    /// Whether nothing more comes, and what came was taken.
    var hasEnded: Bool { isClosed && !decoder.hasPartialLine }

    /// Has the channel read once, unless something waits to be taken.
    func read(from context: ChannelHandlerContext) {
        guard !hasLines, !isReading, !isClosed else { return }
        isReading = true
        context.read()
    }

    func readIsOver() { isReading = false }

    /// How many of the bytes came unasked: once the client has closed its side, NIO reads all that
    /// the kernel holds.
    func countUnasked(_ bytes: ByteBuffer) -> Int {
        guard !isReading else { return 0 }
        unasked += bytes.readableBytes
        return bytes.readableBytes
    }

    func append(_ bytes: inout ByteBuffer) {
        decoder.append(&bytes)
        hasLines = true
    }

    /// Hands the next line to `body`. Returns false when there is none yet.
    func next(_ body: (LineDecoder.Line) -> Void) -> Bool {
        hasLines = decoder.next(body)
        return hasLines
    }

    func close() {
        isClosed = true
        if decoder.hasPartialLine { hasLines = true }
    }

    /// Drops a line that will never end. Returns whether it has to be refused.
    func dropCutLine() -> Bool {
        guard isClosed, decoder.hasPartialLine else { return false }
        // One that was too long was refused when it was found to be.
        let isRefused = decoder.isSkipping
        drop()
        return !isRefused
    }

    func drop() {
        decoder = LineDecoder(lineBytesMax: Request.lineBytesMax)
        hasLines = false
    }
}
