// Calls back when the event loop has looked at its sockets again. A task cannot do that: NIO runs
// tasks until none is due, so a task that always adds another would keep every client waiting.

import Glibc
import NIOCore
import NIOPosix

/// Used on its event loop only: a socket to ourselves, which is read when everybody is.
final class NextPoll: ChannelInboundHandler, @unchecked Sendable {
    // Unchecked, because after `open` NIO and the scheduler use it on one loop alone.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var context: ChannelHandlerContext?
    /// Told on the loop.
    private let rung: @Sendable () -> Void

    init(_ rung: @escaping @Sendable () -> Void) { self.rung = rung }

    /// Has it ring from now on. Not to be called on the loop.
    func open(in group: MultiThreadedEventLoopGroup) throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw IOError(errnoCode: errno, reason: "socketpair")
        }
        _ = try NIOPipeBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(self)
                }
            }
            .takingOwnershipOfDescriptors(input: ends[0], output: ends[1]).wait()
    }

    func ring() {
        context?.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: [0])), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) { rung() }
}
