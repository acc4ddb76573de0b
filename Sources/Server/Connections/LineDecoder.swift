// Cuts a byte stream into lines at LF, and at nothing else: NIO's own splitter also takes VT, FF
// and CR. A line that is too long is dropped as it arrives, and the next one is read as usual.

import Glibc
import NIOCore

struct LineDecoder {
    enum Line {
        /// The bytes without the LF; lent for the time of the call.
        case line(UnsafeRawBufferPointer)
        /// Said once for a line, when it has grown past the limit.
        case tooLong
    }

    private let lineBytesMax: Int
    private var buffer = ByteBuffer()
    /// How many readable bytes are known to hold no LF.
    private var scanned = 0
    /// The rest of a line that was too long is being thrown away.
    private(set) var isSkipping = false

    init(lineBytesMax: Int) { self.lineBytesMax = lineBytesMax }

    /// Whether a line has begun and not ended.
    var hasPartialLine: Bool { isSkipping || buffer.readableBytes > 0 }

    /// How much memory is held: about two reads of the socket, however long the connection lives.
    var capacity: Int { buffer.capacity }

    mutating func append(_ bytes: inout ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            // Without this a connection whose reads always end inside a line would grow for ever.
            buffer.discardReadBytes()
            buffer.writeBuffer(&bytes)
        }
    }

    /// Hands the next line to `body`. Returns false when there is none yet.
    mutating func next(_ body: (Line) -> Void) -> Bool {
        while true {
            guard let length = lengthOfLine() else { return overrun(body) }
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

    /// Lets go of what can only be part of a line that is too long.
    private mutating func overrun(_ body: (Line) -> Void) -> Bool {
        guard isSkipping || buffer.readableBytes > lineBytesMax else { return false }
        let isFirst = !isSkipping
        isSkipping = true
        buffer.clear()
        scanned = 0
        if isFirst { body(.tooLong) }
        return isFirst
    }
}
