// A look at a connection at a later time, on its event loop.

import NIOCore

extension ChannelHandlerContext {
    /// - Parameter handler: of this context; it is kept until then.
    func schedule<Handler>(
        at deadline: NIODeadline, for handler: Handler,
        _ body: @escaping @Sendable (Handler) -> Void
    ) {
        let bound = NIOLoopBound(handler, eventLoop: eventLoop)
        eventLoop.scheduleTask(deadline: deadline) { body(bound.value) }
    }
}
