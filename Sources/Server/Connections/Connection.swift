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
    let peer: Peer
    private let dispatcher: Dispatcher
    let turn: LoopScheduler
    private let connections: ConnectionTable

    var context: ChannelHandlerContext?
    var decoder = LineDecoder(lineBytesMax: Request.lineBytesMax)
    var replies = ReplyQueue()
    private var isFlushListed = false
    /// A request is under way that later ones on this connection must wait for.
    private var isHeld = false
    /// What was read may hold lines that were not taken yet.
    private(set) var hasLines = false
    /// Lines wait until it is this connection's turn; set by the turn.
    var isQueued = false
    private var isInsideWrite = false
    /// The client has not read the last answers; later ones stay here, and no line is taken.
    var isWriting = false
    private var isInputClosed = false
    var isDraining = false
    private var isReading = false
    /// Bytes that were read without our asking; given back with the connection.
    private(set) var unasked = 0
    /// Set for good once the connection watches events: it takes no other request.
    var watcher: EventWatcher?
    /// What is written is the last; the connection closes behind it.
    var isEnding = false
    /// The turn in which a line was taken or answered last, or it was opened.
    var lastTurn: Int
    var partialSince: NIODeadline?
    var hasLineTimer = false
    /// What a client that does not keep up had still to read, and when that was looked at.
    var stall: (bytes: Int, since: NIODeadline)?

    init(
        speaker: Speaker, caller: Caller, peer: Peer, dispatcher: Dispatcher, turn: LoopScheduler,
        connections: ConnectionTable
    ) {
        self.speaker = speaker
        self.caller = caller
        self.peer = peer
        self.dispatcher = dispatcher
        self.turn = turn
        self.connections = connections
        lastTurn = turn.number
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
        if !isReading {
            // Once the client has closed its side, NIO reads all that the kernel holds, unasked.
            unasked += bytes.readableBytes
            guard connections.keep(unasked: bytes.readableBytes) else {
                return context.close(promise: nil)
            }
        }
        decoder.append(&bytes)
        hasLines = true
        if !isQueued, mayTakeLine { turn.takeLines(of: self) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        watchPartialLine()
        // At once, because NIO would tell the kernel that nothing is to be read any more, and then
        // that something is.
        readMore()
        if hasLines || !mayTakeLine { flushSoon() }
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
        if decoder.hasPartialLine { hasLines = true }
        flushSoon()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        // Whoever waits for its turn is in the queue until then, and needs no lines any more.
        decoder = LineDecoder(lineBytesMax: Request.lineBytesMax)
        hasLines = false
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

    /// Whether its client has had all that it has asked for.
    var isIdle: Bool {
        replies.count == 0 && !replies.hasReady && !hasLines && !isWriting && watcher == nil
    }

    /// Leaves its place to somebody who has fewer. What was asked goes on; nobody hears the answer.
    func giveWay() {
        context?.close(promise: nil)
    }

    // MARK: Lines

    var mayTakeLine: Bool {
        !isHeld && !isDraining && !isWriting && watcher == nil && context != nil
            && replies.count < connections.pipelineMax
    }

    var linesPerTurn: Int { connections.linesPerTurn }

    /// Takes the lines that may be taken, and says how many.
    func takeLines(atMost share: Int) -> Int {
        var taken = 0
        while mayTakeLine, taken < share {
            guard decoder.next({ take($0) }) else {
                hasLines = false
                refuseRest()
                break
            }
            taken += 1
        }
        if taken > 0 { lastTurn = turn.number }
        return taken
    }

    private func refuseRest() {
        guard isInputClosed, decoder.hasPartialLine else { return }
        let isAnswered = decoder.isSkipping
        decoder = LineDecoder(lineBytesMax: Request.lineBytesMax)
        guard !isAnswered else { return }
        // A request cut short might mean something else than it says: it is never carried out.
        let refusal = Refusal(.badRequest, detail: "the last line does not end with LF")
        refuse(replies.reserve(), refusal, id: nil)
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
        connections.counts.count(nil, .refused(refusal), of: caller.only)
        answer(place, .refused(refusal), id: id)
    }

    private func take(_ request: Request, _ place: Int) {
        guard let context else { return }
        // Slow work would let later requests overtake; so they wait, and one connection has one
        // slow hash under way.
        let isHolding = request.mayBeSlow
        if isHolding { isHeld = true }
        let asked = ReplySlot(
            by: NIOLoopBound(self, eventLoop: context.eventLoop), place: place, id: request.id,
            op: request.operation, isHolding: isHolding,
            app: caller == .admin ? nil : request.app ?? caller.only)
        dispatcher.dispatch(request, from: caller, peer) { asked.answer($0) }
    }

    func finish(_ asked: ReplySlot, _ reply: Reply) {
        if asked.isHolding { isHeld = false }
        connections.counts.count(asked.op, reply, of: asked.app)
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
        writeReady()
        // Replies make room for lines that wait, and only when none is left is more to be read.
        if hasLines, mayTakeLine {
            if !isQueued { turn.queue(self) }
            return
        }
        if let watcher, let loop = context?.eventLoop { watcher.advance(loop) }
        let isAnswered = replies.count == 0 && !replies.hasReady
        // Whoever watches has said all that he had to say.
        let hasEnded = isInputClosed && !decoder.hasPartialLine && watcher == nil
        let isDone = isAnswered && (isDraining || isEnding || hasEnded)
        if isDone {
            closeAfterWriting()
        } else {
            watchPartialLine()
            readMore()
        }
    }

    /// Writes the replies whose turn it is.
    private func writeReady() {
        guard let context, !isWriting, replies.hasReady else { return }
        lastTurn = turn.number
        let buffer = ByteBuffer(bytes: replies.ready)
        replies.removeReady()
        isInsideWrite = true
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        isInsideWrite = false
        if !context.channel.isWritable {
            isWriting = true
            watchWriting()
        }
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
        guard let context, mayTakeLine, !hasLines, !isReading, !isInputClosed else { return }
        isReading = true
        context.read()
    }
}
