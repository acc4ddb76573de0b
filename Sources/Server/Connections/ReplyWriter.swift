// What a connection writes: its replies in the order of the requests, as far as the client reads
// them. Used on the event loop only.

import NIOCore

/// A class, because NIO tells of a write while it is being made.
final class ReplyWriter {
    var queue = ReplyQueue()
    /// The client has not read the last answers; later ones stay here.
    private(set) var isBlocked = false
    private var isInsideWrite = false

    /// Whether everything was answered and given to the kernel, or to NIO.
    var isIdle: Bool { queue.count == 0 && !queue.hasReady }

    /// Writes the replies whose turn it is. Returns whether there were any.
    func write(to context: ChannelHandlerContext) -> Bool {
        guard !isBlocked, queue.hasReady else { return false }
        isInsideWrite = true
        writeReady(to: context)
        isInsideWrite = false
        isBlocked = !context.channel.isWritable
        return true
    }

    /// Writes them even if the client has yet to read those before.
    func writeReady(to context: ChannelHandlerContext) {
        let buffer = ByteBuffer(bytes: queue.ready)
        queue.removeReady()
        context.writeAndFlush(NIOAny(buffer), promise: nil)
    }

    /// Closes the channel once the client has read all: at once would drop what it has yet to read.
    func close(_ context: ChannelHandlerContext) {
        let channel = context.channel
        let nothing = channel.allocator.buffer(capacity: 0)
        context.writeAndFlush(NIOAny(nothing)).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Bytes that NIO holds because the client has yet to read what the kernel holds.
    static func unread(_ context: ChannelHandlerContext) -> Int {
        let bytes: Int?
        do {
            bytes = try context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        } catch {
            bytes = nil
        }
        guard let bytes else {
            preconditionFailure("every socket channel of NIO counts what it has to write")
        }
        return bytes
    }

    /// NIO tells of the beginning and the end of each write; only one that lasts matters. Returns
    /// whether the client has now read what it was sent.
    func writabilityChanged(_ context: ChannelHandlerContext) -> Bool {
        guard !isInsideWrite, isBlocked, context.channel.isWritable else { return false }
        isBlocked = false
        return true
    }
}
