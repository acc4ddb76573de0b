// One connection: what is read is cut into lines, each line is asked, and the replies leave in the
// order of the requests. A bad line does not disturb the lines around it.

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
    private let scheduler: LoopScheduler
    private let connections: ConnectionTable

    private var context: ChannelHandlerContext?
    private var lines = LineDecoder(lineBytesMax: Request.lineBytesMax)
    private var isReading = false
    /// Bytes that were read without our asking; given back with the connection.
    private(set) var unasked = 0
    let writer = ReplyWriter()
    private var lineTimer = LineTimer()
    private var writeTimer = WriteTimer()
    /// Lines wait until it is this connection's turn.
    private var isQueued = false
    /// A request is under way that later ones on this connection must wait for.
    private var isHeld = false
    private var isFlushListed = false
    private var isDraining = false
    /// What is written is the last; the connection closes behind it.
    private var isEnding = false
    /// Set for good once the connection watches events: it takes no other request.
    private var watcher: EventWatcher?
    /// The pass in which a line was taken or answered last, or it was opened.
    var lastPass: Int

    init(
        speaker: Speaker, caller: Caller, peer: Peer, dispatcher: Dispatcher,
        scheduler: LoopScheduler, connections: ConnectionTable
    ) {
        self.speaker = speaker
        self.caller = caller
        self.peer = peer
        self.dispatcher = dispatcher
        self.scheduler = scheduler
        self.connections = connections
        lastPass = scheduler.passes
    }

    // MARK: Read, ask, write

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        // Once the client has closed its side, NIO reads all that the kernel holds.
        if !isReading {
            unasked += bytes.readableBytes
            guard connections.keep(unasked: bytes.readableBytes) else {
                return context.close(promise: nil)
            }
        }
        lines.append(&bytes)
        scheduler.lines.bring()
        guard !isQueued, mayTakeLine else { return }
        let party = caller.party
        guard let share = scheduler.lines.shareNow(of: party) else { return queueLines() }
        scheduler.lines.charge(takeLines(atMost: share), of: party)
    }

    /// Its turn has come. Returns how many lines it took.
    func takeQueuedLines(atMost share: Int) -> Int {
        isQueued = false
        defer { flushSoon() }
        return takeLines(atMost: share)
    }

    private func takeLines(atMost share: Int) -> Int {
        let most = min(share, connections.linesPerTurn)
        var taken = 0
        while mayTakeLine, taken < most, lines.next({ ask($0) }) { taken += 1 }
        if taken > 0 { lastPass = scheduler.passes }
        return taken
    }

    private func ask(_ line: LineDecoder.Line) {
        lineTimer.lineHasEnded()
        let place = writer.queue.reserve()
        let request: Request
        do throws(RefusedLine) {
            switch line {
            case .tooLong: throw .tooLong
            case .cut: throw .cut
            case .line(let bytes): request = try Request.parse(bytes, from: caller)
            }
        } catch {
            return refuse(place, error)
        }
        // Slow work would let later requests overtake; so they wait, and one connection has one
        // slow hash under way.
        if request.mayBeSlow { isHeld = true }
        let slot = ReplySlot(
            of: NIOLoopBound(self, eventLoop: scheduler.loop), place: place, for: request,
            from: caller)
        dispatcher.dispatch(request, from: caller, peer) { slot.connection.value.fill(slot, $0) }
    }

    private func fill(_ slot: ReplySlot, _ reply: Reply) {
        if slot.isHolding { isHeld = false }
        dispatcher.statistics.counts.count(slot.op, reply, of: slot.app)
        writer.queue.fill(slot.place) { reply.write(to: &$0, id: slot.id) }
        flushSoon()
        if case .admin(.watching(let filter, let cursor)) = reply { watch(filter, after: cursor) }
    }

    /// Has `flush` called at the end of the pass.
    ///
    /// Never at once: while NIO tells of an end of input, a write that fails would close the
    /// channel under its feet.
    private func flushSoon() {
        guard !isFlushListed else { return }
        isFlushListed = true
        scheduler.flushAtEnd(self)
    }

    /// Writes what is ready, then reads on or closes, as it may.
    func flush() {
        isFlushListed = false
        if let context, writer.write(to: context) {
            lastPass = scheduler.passes
            if writer.isBlocked { watchWriting() }
        }
        // Replies make room for lines that wait, and only when none is left is more to be read.
        if lines.hasLines, mayTakeLine {
            if !isQueued { queueLines() }
            return
        }
        watcher?.advance()
        // Whoever watches has said all that there was to say.
        let hasEnded = lines.hasEnded && watcher == nil
        if writer.isIdle, isDraining || isEnding || hasEnded {
            if let context { writer.close(context) }
        } else {
            readMore()
        }
    }

    private func readMore() {
        watchLine()
        guard let context, mayTakeLine, lines.needsBytes, !isReading else { return }
        isReading = true
        context.read()
    }

    private var mayTakeLine: Bool {
        !isHeld && !isDraining && !writer.isBlocked && watcher == nil && context != nil
            && writer.queue.count < connections.pipelineMax
    }

    private func queueLines() {
        isQueued = true
        scheduler.lines.queue(self)
    }

    /// Answers a line that is no request.
    private func refuse(_ place: Int, _ line: RefusedLine) {
        let reply = Reply.refused(line.refusal)
        dispatcher.statistics.counts.count(nil, reply, of: caller.only)
        writer.queue.fill(place) { reply.write(to: &$0, id: line.id) }
        flushSoon()
    }

    // MARK: Other events of the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func channelActive(context: ChannelHandlerContext) { readMore() }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        // At once, because NIO would tell the kernel that nothing is to be read any more, and then
        // that something is.
        readMore()
        if lines.hasLines || !mayTakeLine { flushSoon() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard writer.writabilityChanged(context) else { return }
        writeTimer.stop()
        flushSoon()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        lines.close()
        flushSoon()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        // Whoever waits for its turn is in the queue until then, and needs no lines any more.
        lines.drop()
        watcher?.stop()
        watcher = nil
        connections.remove(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The peer is gone or the socket broke. What was asked goes on; nobody hears the answer.
        context.close(promise: nil)
    }

    // MARK: Time

    /// A line that has begun must end in time. While lines wait here, what comes after them is not
    /// late.
    private func watchLine() {
        guard lines.isInsideLine, mayTakeLine else { return lineTimer.lineHasEnded() }
        guard let context, let deadline = lineTimer.lineHasBegun() else { return }
        context.schedule(at: deadline, for: self) { connection in
            guard connection.lineTimer.timeIsUp() else { return connection.watchLine() }
            connection.context?.close(promise: nil)
        }
    }

    /// A client that reads nothing at all for a while is let go. A slow one is not.
    private func watchWriting() {
        guard let context else { return }
        let deadline = writeTimer.start(ReplyWriter.unread(context))
        context.schedule(at: deadline, for: self) { connection in
            guard let context = connection.context else { return }
            switch connection.writeTimer.check(deadline, ReplyWriter.unread(context)) {
            case .nothing: break
            case .reads: connection.watchWriting()
            case .readsNothing:
                guard let watcher = connection.watcher, !connection.isEnding else {
                    return context.close(promise: nil)
                }
                watcher.end(.tooSlow)
            }
        }
    }

    // MARK: Its end

    /// Whether its client has had all that it has asked for.
    var isIdle: Bool { writer.isIdle && !lines.hasLines && !writer.isBlocked && watcher == nil }

    /// Stops taking requests, and closes when those under way are answered.
    func drain() {
        isDraining = true
        watcher?.end(.unavailable)
        flushSoon()
    }

    /// Leaves its place to somebody who has fewer. What was asked goes on; nobody hears the answer.
    func giveWay() { context?.close(promise: nil) }
}

/// A connection that watches: events in the place of replies, for as long as the client reads them.
extension Connection {
    private func watch(_ filter: EventFilter, after cursor: UInt64) {
        guard context != nil, !isDraining else { return }
        watcher = scheduler.watchers.watch(filter, after: cursor, for: self)
        watcher?.advance()
    }

    var mayTakeEvents: Bool { context != nil && !writer.isBlocked && !writer.queue.hasReady }

    func write(_ lines: [WatchLine]) {
        writer.queue.fill(writer.queue.reserve()) { text in
            for line in lines { line.write(to: &text) }
        }
        flushSoon()
    }

    /// The last line goes behind whatever the client has yet to read; the connection closes once it
    /// has read that, or has had its time.
    func end(with line: WatchLine) {
        guard let context, !isEnding else { return }
        isEnding = true
        write([line])
        guard writer.isBlocked else { return }
        writer.writeReady(to: context)
        watchWriting()
    }
}
