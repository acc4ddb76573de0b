// Cuts a byte stream into lines at LF, and at nothing else: NIO's own splitter also takes VT, FF
// and CR. A line that is too long is dropped as it arrives, and the next one is read as usual. A
// line that the end of the stream cuts off is told of, and dropped.

import Glibc
import NIOCore

struct LineDecoder {
    enum Line {
        /// The bytes without the LF; lent for the time of the call.
        case line(UnsafeRawBufferPointer)
        /// Said once for a line, when it has grown past the limit.
        case tooLong
        /// Said of a line that has begun and will never end.
        case cut
    }

    private let lineBytesMax: Int
    private var buffer = ByteBuffer()
    /// How many readable bytes are known to hold no LF.
    private var scanned = 0
    /// The rest of a line that was too long is being thrown away.
    private var isSkipping = false
    /// Nothing more comes.
    private var isClosed = false
    /// What came may hold lines that `next` has not handed out.
    private(set) var hasLines = false

    init(lineBytesMax: Int) { self.lineBytesMax = lineBytesMax }

    /// Whether a line has begun and not ended, or waits to be handed out.
    var hasPartialLine: Bool { isSkipping || buffer.readableBytes > 0 }
    /// A line has begun, and none waits before it.
    var isInsideLine: Bool { hasPartialLine && !hasLines }
    /// Whether more may come, and nothing waits to be handed out before it.
    var needsBytes: Bool { !hasLines && !isClosed }
    /// Whether nothing more comes, and what came was handed out.
    var hasEnded: Bool { isClosed && !hasPartialLine }

    /// How much memory is held: about two reads of the socket, however long the connection lives.
    var capacity: Int { buffer.capacity }

    mutating func append(_ bytes: inout ByteBuffer) {
        hasLines = true
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            // Without this a connection whose reads always end inside a line would grow for ever.
            buffer.discardReadBytes()
            buffer.writeBuffer(&bytes)
        }
    }

    /// The stream has ended.
    mutating func close() {
        isClosed = true
        if hasPartialLine { hasLines = true }
    }

    /// Forgets what came.
    mutating func drop() {
        buffer = ByteBuffer()
        scanned = 0
        isSkipping = false
        hasLines = false
    }

    /// Hands the next line to `body`. Returns false when there is none yet.
    mutating func next(_ body: (Line) -> Void) -> Bool {
        while let length = lengthOfLine() {
            defer { pass(length + 1) }
            if isSkipping {
                isSkipping = false
                continue
            }
            buffer.withUnsafeReadableBytes { bytes in
                let line = UnsafeRawBufferPointer(rebasing: bytes[..<length])
                body(length > lineBytesMax ? .tooLong : .line(line))
            }
            return true
        }
        guard let unended = takeUnended() else {
            hasLines = false
            return false
        }
        body(unended)
        return true
    }

    /// Gives an empty buffer back, so that NIO uses it again, and an idle connection holds none.
    private mutating func pass(_ count: Int) {
        buffer.moveReaderIndex(forwardBy: count)
        scanned = 0
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
    }

    /// Bytes before the next LF, or nil when it has not come yet.
    private mutating func lengthOfLine() -> Int? {
        let (found, count) = buffer.withUnsafeReadableBytes { bytes -> (Int?, Int) in
            guard let start = bytes.baseAddress, scanned < bytes.count else {
                return (nil, bytes.count)
            }
            guard let hit = memchr(start + scanned, 0x0a, bytes.count - scanned) else {
                return (nil, bytes.count)
            }
            return (UnsafeRawPointer(hit) - start, bytes.count)
        }
        if found == nil { scanned = count }
        return found
    }

    /// What there is to say of a line without an end, if anything. Lets go of what can only be part
    /// of a line that is too long, and of one that will never end.
    private mutating func takeUnended() -> Line? {
        let wasSkipping = isSkipping
        if isSkipping || buffer.readableBytes > lineBytesMax {
            isSkipping = true
            buffer.clear()
            scanned = 0
            if !wasSkipping { return .tooLong }
        }
        guard isClosed, hasPartialLine else { return nil }
        drop()
        // One that was too long was told of when it was found to be.
        return wasSkipping ? nil : .cut
    }
}
