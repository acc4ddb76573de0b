// Accepts connections, counts them, and ends them when asked to. All of it happens on one event
// loop thread; what decides is the writer lane's.

import Accounts
import Configuration
import Glibc
import NIOCore
import NIOPosix
import Store
import Wire

package final class Server: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let lane: WriterLane
    private let slowPool: SlowPool
    let dispatcher: Dispatcher
    private let channels: NIOLoopBound<ConnectionTable>
    private let configuration: LiveConfiguration
    let scheduler: LoopScheduler

    /// - Parameters:
    ///   - warn: gets a sentence for the log.
    ///   - note: gets what an admin did, and every alert, on the event loop: it must not wait.
    ///   - failed: is told of a fault of the store, on the lane's thread.
    package static func start(
        version: String, store: any AccountStore, configuration: Configuration = .standard,
        limits: ServerLimits = .standard,
        clock: @escaping @Sendable () -> Instant, warn: @escaping @Sendable (String) -> Void,
        note: @escaping @Sendable (AdminNotice) -> Void = { _ in },
        failed: @escaping @Sendable (StoreFault) -> Void
    ) throws -> Server {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let server = try loop.submit {
            Server(
                group, loop, version, store, configuration, limits,
                clock: clock, warn: warn, note: note, failed: failed)
        }.wait()
        try server.scheduler.lines.nextPoll.open(in: group)
        store.upkeep.whenRotated { [dispatcher = server.dispatcher] in
            loop.execute { dispatcher.rotationEnded() }
        }
        return server
    }

    private init(
        _ group: MultiThreadedEventLoopGroup, _ loop: any EventLoop, _ version: String,
        _ store: any AccountStore, _ configuration: Configuration, _ limits: ServerLimits,
        clock: @escaping @Sendable () -> Instant,
        warn: @escaping @Sendable (String) -> Void,
        note: @escaping @Sendable (AdminNotice) -> Void,
        failed: @escaping @Sendable (StoreFault) -> Void
    ) {
        self.group = group
        self.loop = loop
        self.configuration = LiveConfiguration(configuration, trusted: [0, geteuid()])
        channels = NIOLoopBound(
            ConnectionTable(self.configuration, limits), eventLoop: loop)
        scheduler = LoopScheduler(loop: loop, store: store, limits: limits, failed: failed)
        lane = scheduler.queue.lane
        slowPool = SlowPool(loop: loop, jobs: Jobs())
        dispatcher = Dispatcher(
            version: version, store: store, configuration: self.configuration,
            queue: scheduler.queue,
            slowWork: slowPool, clock: clock, warn: warn, note: note,
            loopFigures: { [channels, scheduler, slowPool] in
                var figures = LoopFigures()
                figures.connectionsByApp = channels.value.byApp
                figures.appConnections = channels.value.apps
                figures.adminConnections = channels.value.admins
                figures.areAppsFull = channels.value.areAppsFull
                figures.watchers = scheduler.watchers.count
                figures.waiting = scheduler.queue.lane.waiting
                figures.jobs = slowPool.jobs.progress
                return figures
            })
    }

    /// Begins to accept connections.
    package func listen(on listeners: [Listener]) throws {
        for case .app(let app, let namesake) in listeners.map(\.door) {
            configuration.add(app, namesake: namesake)
        }
        for listener in Listener.inOrder(listeners) {
            let channel = try bootstrap(listener).withBoundSocket(listener.descriptor).wait()
            loop.execute { self.channels.value.add(channel, listener.door) }
        }
    }

    /// Looks at the host's clock from here on, and tells of it when it was set.
    package func watchClock() {
        loop.scheduleRepeatedTask(
            initialDelay: .zero, delay: ServerPolicy.clockLookTime
        ) { [dispatcher] _ in
            dispatcher.observeClock(uptime: ClockWatch.uptime())
        }
    }

    /// Tells from here on where the chain of events ends, once an hour if there were any.
    package func watchChain(_ tell: @escaping @Sendable (ChainAnchor) -> Void) {
        loop.execute { [loop, queue = scheduler.queue] in
            let told = NIOLoopBoundBox(nil as ChainAnchor?, eventLoop: loop)
            loop.scheduleRepeatedTask(
                initialDelay: .zero, delay: ServerPolicy.chainLookTime
            ) { _ in
                queue.report { outcome in
                    guard case .found(let report) = outcome, let anchor = report.store.anchor,
                        anchor != told.value
                    else { return }
                    told.value = anchor
                    tell(anchor)
                }
            }
        }
    }

    /// Whether what a reload read was refused, and what held before holds on: `health` says so.
    package func configurationWasRefused(_ isRefused: Bool) {
        dispatcher.standing.set(.configurationRefused, isRefused)
    }

    /// Has another configuration hold, for connections that are open too. Returns once it does.
    package func use(_ configuration: Configuration) {
        do {
            try loop.submit {
                self.configuration.replace(with: configuration)
                self.channels.value.settle()
            }.wait()
        } catch {
            preconditionFailure("nothing in there throws, and the loop outlives the server")
        }
    }

    private func bootstrap(_ listener: Listener) -> ServerBootstrap {
        ServerBootstrap(group: group)
            // NIO has called listen(2) by now, with 128: its option counts where it binds alone.
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try ListeningSocket.listen(on: listener.descriptor)
                }
            }
            .serverChannelOption(.maxMessagesPerRead, value: ServerPolicy.acceptedPerLook)
            .childChannelOption(.autoRead, value: false)
            // What is read must be answered before more is.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            // A client may close its side once it has asked, as socat does.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // So that a channel says whether all was written; see Connection.
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1, high: 1))
            .childChannelInitializer { channel in
                Peer.of(channel).flatMapThrowing { peer in
                    let speaker = try listener.speaker(uid: peer.uid) {
                        try Peer.groups(of: channel)
                    }
                    try self.accept(channel, speaker, peer)
                }
            }
    }

    private func accept(_ channel: any Channel, _ speaker: Speaker, _ peer: Peer) throws {
        let connections = channels.value
        let caller = configuration.caller(speaker)
        guard connections.admit(caller, of: peer.uid) else {
            let line = Reply.refused(Refusal(.busy, detail: "too many connections")).line(id: nil)
            let buffer = channel.allocator.buffer(bytes: line)
            channel.writeAndFlush(buffer).whenComplete { _ in channel.close(promise: nil) }
            return
        }
        let connection = Connection(
            speaker: speaker, caller: caller, peer: peer, dispatcher: dispatcher,
            scheduler: scheduler,
            connections: connections)
        connections.add(connection)
        let most = ServerPolicy.readBytesMax(connections: connections.apps + connections.admins)
        do {
            try channel.syncOptions?.setOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 1024, initial: min(4096, most), maximum: most))
            try channel.pipeline.syncOperations.addHandler(connection)
        } catch {
            // The client has gone already; its place must not stay taken.
            connections.remove(connection)
            throw error
        }
    }

    /// A round trip through the writer lane: whoever waits for it knows that both threads live.
    package func ping() -> EventLoopFuture<Pulse> {
        let promise = loop.makePromise(of: Void.self)
        if !lane.ping({ promise.succeed(()) }) { promise.fail(ChannelError.eof) }
        return promise.futureResult.map {
            let connections = self.channels.value
            return Pulse(apps: connections.apps, admins: connections.admins)
        }
    }

    /// How many connections are open, at a moment when both threads lived.
    package struct Pulse: Equatable, Sendable {
        package let apps: Int
        package let admins: Int

        package init(apps: Int, admins: Int) {
            self.apps = apps
            self.admins = admins
        }
    }

    /// Stops accepting, answers what is under way, closes, and ends the writer lane. Blocks.
    ///
    /// The event loop and the pool idle on until the process ends: shutting them down goes through
    /// libdispatch, which a sandbox without scheduling calls makes complain on standard error.
    package func drain() {
        let deadline = NIODeadline.now() + ServerPolicy.drainTime
        let closed = loop.makePromise(of: Void.self)
        loop.execute {
            let connections = self.channels.value
            connections.closeSockets()
            self.slowPool.jobs.cancelAll()
            connections.whenEmpty = { closed.succeed(()) }
            for connection in connections.open { connection.drain() }
            connections.announceIfEmpty()
        }
        let timer = loop.scheduleTask(deadline: deadline) { closed.succeed(()) }
        do {
            try closed.futureResult.wait()
            timer.cancel()
            // Twice: what the first hashes lead to is decided by the lane, and may ask for more.
            try slowPool.idle().wait()
            try loop.submit { self.scheduler.handOver() }.wait()
            lane.stop()
            try slowPool.idle().wait()
        } catch {
            preconditionFailure("the promises of draining are only ever kept")
        }
    }
}
