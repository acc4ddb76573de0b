// One connection: it reads lines, has each answered, writes the answers in order, and decides when
// to stop reading and when to close. A bad line must never disturb the lines around it.

import Accounts
import NIOCore
import Store
import Wire

final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Who connected; whom that makes it the caller for may change with the configuration.
    let speaker: Speaker
    var caller: Caller
    private let peer: Peer
    private let dispatcher: Dispatcher
    let turn: Turn
    private let connections: Connections

    var context: ChannelHandlerContext?
    var decoder = LineDecoder(lineBytesMax: Request.lineBytesMax)
    var replies = ReplyQueue()
    private var isFlushListed = false
    /// A request is under way that later ones on this connection must wait for.
    private var isHeld = false
    /// The turn ended before the lines did.
    private var hasMoreLines = false
    /// Too much waits for the lane; lines stay here until it has room.
    private var isParked = false
    private var isInsideWrite = false
    /// The client has not read the last answers; later ones stay here, and no line is taken.
    var isWriting = false
    private var isInputClosed = false
    var isDraining = false
    private var isReading = false
    /// Set for good once the connection watches events: it takes no other request.
    var watcher: Watcher?
    /// What is written is the last; the connection closes behind it.
    var isEnding = false
    var partialSince: NIODeadline?
    var hasLineTimer = false
    /// What a client that does not keep up had still to read, and when that was looked at.
    var stall: (bytes: Int, since: NIODeadline)?

    init(
        speaker: Speaker, caller: Caller, peer: Peer, dispatcher: Dispatcher, turn: Turn,
        connections: Connections
    ) {
        self.speaker = speaker
        self.caller = caller
        self.peer = peer
        self.dispatcher = dispatcher
        self.turn = turn
        self.connections = connections
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
        // At once, because NIO would tell the kernel that nothing is to be read any more, and then
        // that something is.
        readMore()
        if hasMoreLines || !mayTakeLine { flushSoon() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        // NIO tells of the beginning and the end of each write; only one that lasts matters.
        guard !isInsideWrite, isWriting, context.channel.isWritable else { return }
        isWriting = false
        stall = nil
        flushSoon()
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
        stopWatching()
        connections.remove(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The peer is gone or the socket broke. What was asked goes on; nobody hears the answer.
        context.close(promise: nil)
    }

    /// Stops taking requests, and closes when those under way are answered.
    func drain() {
        isDraining = true
        watcher?.end(.unavailable)
        flushSoon()
    }

    // MARK: Lines

    var mayTakeLine: Bool {
        !isHeld && !isDraining && !isParked && !isWriting && watcher == nil && context != nil
            && replies.count < connections.pipelineMax
    }

    /// Takes the lines that may be taken, as many as one turn allows.
    private func processLines() {
        var taken = 0
        hasMoreLines = false
        while mayTakeLine {
            guard !turn.isCrowded else { return park() }
            guard decoder.next({ take($0) }) else { break }
            taken += 1
            if taken == connections.linesPerTurn {
                hasMoreLines = true
                return
            }
        }
        guard mayTakeLine, isInputClosed, decoder.hasPartialLine else { return }
        let isAnswered = decoder.isSkipping
        decoder = LineDecoder(lineBytesMax: Request.lineBytesMax)
        guard !isAnswered else { return }
        // A request cut short might mean something else than it says: it is never carried out.
        let refusal = Refusal(.badRequest, detail: "the last line does not end with LF")
        refuse(replies.reserve(), refusal, id: nil)
    }

    private func park() {
        isParked = true
        turn.park(self)
    }

    /// The lane has room again.
    func unpark() {
        isParked = false
        flushSoon()
    }

    private func take(_ line: LineDecoder.Line) {
        // A line has ended in time; the next one has its own.
        partialSince = nil
        let place = replies.reserve()
        switch line {
        case .tooLong:
            let detail = "a line has at most \(Request.lineBytesMax) bytes"
            refuse(place, Refusal(.tooLong, detail: detail), id: nil)
        case .line(let bytes):
            do throws(RefusedLine) {
                take(try Request.parse(bytes, from: caller), place)
            } catch {
                refuse(place, error.refusal, id: error.id)
            }
        }
    }

    /// Answers a line that is no request.
    private func refuse(_ place: Int, _ refusal: Refusal, id: JSONValue?) {
        connections.counts.count(nil, .refused(refusal))
        answer(place, .refused(refusal), id: id)
    }

    private func take(_ request: Request, _ place: Int) {
        guard let context else { return }
        // Slow work would let later requests overtake; so they wait, and one connection has one
        // slow hash under way.
        let isHolding = request.mayBeSlow
        if isHolding { isHeld = true }
        let asked = Asked(
            by: NIOLoopBound(self, eventLoop: context.eventLoop), place: place, id: request.id,
            op: request.operation, isHolding: isHolding)
        dispatcher.dispatch(request, from: caller, peer) { asked.answer($0) }
    }

    func finish(_ asked: Asked, _ reply: Reply) {
        if asked.isHolding { isHeld = false }
        connections.counts.count(asked.op, reply)
        answer(asked.place, reply, id: asked.id)
        if case .admin(.watching(let filter, let cursor)) = reply { watch(filter, after: cursor) }
    }

    private func answer(_ place: Int, _ reply: Reply, id: JSONValue?) {
        replies.fill(place) { reply.write(to: &$0, id: id) }
        flushSoon()
    }

    // MARK: Writing, and reading on

    /// Has `flush` called once the loop is done with what it is doing.
    ///
    /// Never at once: while NIO tells of an end of input, a write that fails would close the
    /// channel under its feet.
    func flushSoon() {
        guard !isFlushListed else { return }
        isFlushListed = true
        turn.add(self)
    }

    /// Writes what is ready, then reads on or closes, as it may.
    func flush() {
        isFlushListed = false
        // Replies make room for lines that wait, whose own replies may be ready at once. Only when
        // neither moves is there no line left to take, and reading on the thing to do.
        repeat { processLines() } while writeReady() && mayTakeLine && !hasMoreLines
        if hasMoreLines {
            isFlushListed = true
            return turn.addForNextTurn(self)
        }
        if let watcher, let loop = context?.eventLoop { watcher.advance(loop) }
        let isAnswered = replies.count == 0 && !replies.hasReady
        // Whoever watches has said all that he had to say.
        let hasEnded = isInputClosed && !decoder.hasPartialLine && watcher == nil
        let isDone = isAnswered && (isDraining || isEnding || hasEnded)
        if isDone {
            closeAfterWriting()
        } else {
            readMore()
        }
    }

    /// Writes the replies whose turn it is. Returns false when there was none.
    private func writeReady() -> Bool {
        guard let context, !isWriting, replies.hasReady else { return false }
        let buffer = ByteBuffer(bytes: replies.ready)
        replies.removeReady()
        isInsideWrite = true
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        isInsideWrite = false
        if !context.channel.isWritable {
            isWriting = true
            watchWriting()
        }
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
}
