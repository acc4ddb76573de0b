// One connection: it reads lines, has each answered, writes the answers in order, and decides when
// to stop reading and when to close. A bad line must never disturb the lines around it.

import Accounts
import NIOCore
import Store
import Wire

final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let caller: Caller
    private let peer: Peer
    private let dispatcher: Dispatcher
    private let flushes: FlushList
    private let gone: (Connection) -> Void

    private var context: ChannelHandlerContext?
    private var decoder = LineDecoder(lineBytesMax: Request.lineBytesMax)
    private var replies = ReplyQueue()
    private var output: ByteBuffer?
    private var isFlushListed = false
    /// A request is under way that later ones on this connection must wait for.
    private var isHeld = false
    /// The turn ended before the lines did.
    private var hasMoreLines = false
    private var isInputClosed = false
    private var isDraining = false
    private var isReading = false
    private var partialSince: NIODeadline?
    private var hasLineTimer = false
    /// What a client that does not keep up had still to read, and when that was looked at.
    private var stall: (bytes: Int, since: NIODeadline)?

    init(
        caller: Caller, peer: Peer, dispatcher: Dispatcher, flushes: FlushList,
        gone: @escaping (Connection) -> Void
    ) {
        self.caller = caller
        self.peer = peer
        self.dispatcher = dispatcher
        self.flushes = flushes
        self.gone = gone
    }

    // MARK: Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        readMore()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        decoder.append(&bytes)
        processLines()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        watchPartialLine()
        flushSoon()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stall = nil
            processLines()
            flushSoon()
        } else if stall == nil {
            watchWriting()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        isInputClosed = true
        processLines()
        flushSoon()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        gone(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The peer is gone or the socket broke. What was asked goes on; nobody hears the answer.
        context.close(promise: nil)
    }

    /// Stops taking requests, and closes when those under way are answered.
    func drain() {
        isDraining = true
        flushSoon()
    }

    // MARK: Lines

    private var mayTakeLine: Bool {
        !isHeld && !isDraining && replies.count < ServerPolicy.pipelineMax
            && (context?.channel.isWritable ?? false)
    }

    /// Takes the lines that may be taken, as many as one turn allows.
    private func processLines() {
        var taken = 0
        while mayTakeLine, decoder.next({ take($0) }) {
            taken += 1
            if taken == ServerPolicy.linesPerTurn {
                hasMoreLines = true
                return
            }
        }
        hasMoreLines = false
        guard mayTakeLine, isInputClosed, decoder.hasPartialLine else { return }
        let isAnswered = decoder.isSkipping
        decoder = LineDecoder(lineBytesMax: Request.lineBytesMax)
        guard !isAnswered else { return }
        // A request cut short might mean something else than it says: it is never carried out.
        let refusal = Refusal(.badRequest, detail: "the last line does not end with LF")
        answer(replies.reserve(), .refused(refusal), id: nil)
    }

    private func take(_ line: LineDecoder.Line) {
        // A line has ended in time; the next one has its own.
        partialSince = nil
        let place = replies.reserve()
        switch line {
        case .tooLong:
            let detail = "a line has at most \(Request.lineBytesMax) bytes"
            answer(place, .refused(Refusal(.tooLong, detail: detail)), id: nil)
        case .line(let bytes):
            do throws(RefusedLine) {
                take(try Request.parse(bytes, from: caller), place)
            } catch {
                answer(place, .refused(error.refusal), id: error.id)
            }
        }
    }

    private func take(_ request: Request, _ place: Int) {
        guard let context else { return }
        // Slow work would let later requests overtake; so they wait, and one connection has one
        // slow hash under way.
        let isHolding = request.mayBeSlow
        if isHolding { isHeld = true }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        dispatcher.dispatch(request, from: caller, peer) { [id = request.id] reply in
            bound.value.finish(place, reply, id, isHolding)
        }
    }

    private func finish(_ place: Int, _ reply: Reply, _ id: JSONValue?, _ isHolding: Bool) {
        if isHolding { isHeld = false }
        answer(place, reply, id: id)
    }

    private func answer(_ place: Int, _ reply: Reply, id: JSONValue?) {
        replies.fill(place, with: reply.line(id: id))
        flushSoon()
    }

    // MARK: Writing, and reading on

    /// Has `flush` called once the loop is done with what it is doing.
    ///
    /// Never at once: while NIO tells of an end of input, a write that fails would close the
    /// channel under its feet.
    private func flushSoon() {
        guard !isFlushListed else { return }
        isFlushListed = true
        flushes.add(self)
    }

    /// Writes what is ready, then reads on or closes, as it may.
    func flush() {
        isFlushListed = false
        // Replies make room for lines that wait, whose own replies may be ready at once. Only when
        // neither moves is there no line left to take, and reading on the thing to do.
        repeat { processLines() } while writeReady() && mayTakeLine && !hasMoreLines
        if hasMoreLines {
            isFlushListed = true
            return flushes.addForNextTurn(self)
        }
        let isDone = replies.count == 0 && (isDraining || isInputClosed && !decoder.hasPartialLine)
        if isDone {
            closeAfterWriting()
        } else {
            readMore()
        }
    }

    /// Writes the replies whose turn it is. Returns false when there was none.
    private func writeReady() -> Bool {
        guard let context, let first = replies.next() else { return false }
        var buffer = context.channel.allocator.buffer(capacity: first.count)
        buffer.writeBytes(first)
        while let line = replies.next() { buffer.writeBytes(line) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        return true
    }

    /// Closing at once would drop what the client has yet to read.
    private func closeAfterWriting() {
        guard let context else { return }
        let channel = context.channel
        let nothing = channel.allocator.buffer(capacity: 0)
        context.writeAndFlush(wrapOutboundOut(nothing)).whenComplete { _ in
            channel.close(promise: nil)
        }
    }

    private func readMore() {
        guard let context, mayTakeLine, !hasMoreLines, !isReading, !isInputClosed else { return }
        isReading = true
        context.read()
    }

    // MARK: Times

    /// A line that has begun must end in time. One timer serves all lines of a connection.
    private func watchPartialLine() {
        guard decoder.hasPartialLine, mayTakeLine else {
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
    private func watchWriting() {
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
