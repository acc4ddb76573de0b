// The runs in their order: accounts in, then round after round, totpd and Redis taking turns. It
// measures one thing at a time.

import Glibc

struct Campaign {
    /// Imports whose lines are made at once, so that memory stays small: about 6 MB.
    private static let importChunk = 65_536
    /// Few connections with long pipelines: an import waits for nobody.
    private static let importShape: Shape = {
        guard let shape = Shape(connections: 4, pipeline: 512) else {
            preconditionFailure("both numbers are within the limits")
        }
        return shape
    }()

    enum Server: String {
        case totpd
        case redis
    }

    let population: Population
    let plan: Plan
    /// Whether wrong codes and limits are among the right codes.
    let isMixed: Bool
    /// totpd's process, whose threads are watched.
    private let process: Int32?
    private var rates: [String: [Double]] = [:]
    /// Over all runs.
    private(set) var unexpected = 0

    init(_ population: Population, _ plan: Plan, isMixed: Bool, threadsOf process: Int32? = nil) {
        self.population = population
        self.plan = plan
        self.isMixed = isMixed
        self.process = process
    }

    // MARK: Before the runs

    mutating func importAccounts(adminSocket: String) throws {
        try inChunks(.totpd, "accounts imported", population.count) {
            [population] accounts, shape in
            let work = ImportWorkload(population, accounts: accounts)
            return try Driver(work, path: adminSocket, shape: shape).run()
        }
    }

    /// One limit of each of so many keys, in the plan's first shape.
    mutating func flood(_ keys: Int, adminSocket: String) throws {
        var refused = 0
        try inChunks(.totpd, "keys of limits", keys, plan.shapes[0]) {
            [population] keys, shape in
            let work = KeysWorkload(population, keys: keys)
            let (result, asked) = try Driver(work, path: adminSocket, shape: shape).runAndKeep()
            refused += asked.refused
            return result
        }
        print("totpd, refused for want of room: \(refused) of \(keys)")
    }

    /// Redis changes keys that are there, as totpd changes accounts that are there.
    mutating func makeKeys(redisSocket: String) throws {
        try inChunks(.redis, "keys made", population.count) { keys, shape in
            let keys = keys.lazy.map { UInt32($0) }
            return try Driver(RedisWorkload(keys: keys), path: redisSocket, shape: shape).run()
        }
    }

    private mutating func inChunks(
        _ server: Server, _ what: String, _ count: Int, _ shape: Shape = Self.importShape,
        _ run: (Range<Int>, Shape) throws -> RunResult
    ) throws {
        var sum = RunResult()
        for first in stride(from: 0, to: count, by: Self.importChunk) {
            sum.add(try run(first..<min(first + Self.importChunk, count), shape))
        }
        let seconds = decimal(sum.seconds, places: 3)
        report(
            "\(server.rawValue), \(what): \(sum.replies), \(sum.unexpected) unexpected,"
                + " \(seconds) s, \(decimal(sum.perSecond, places: 0))/s", sum)
    }

    // MARK: The runs

    mutating func measure(socket: String, redisSocket: String?) throws {
        for runs in plan.rounds {
            for run in runs {
                try measure(run, socket: socket, redisSocket: redisSocket)
            }
        }
        guard plan.rounds.count > 1 || redisSocket != nil else { return }
        for index in plan.shapes.indices { summarize(index) }
    }

    /// Who goes first changes with the round, so that going first is nobody's advantage.
    private mutating func measure(_ run: Plan.Run, socket: String, redisSocket: String?) throws {
        if let redisSocket, run.round.isMultiple(of: 2) { try measureRedis(run, redisSocket) }
        let before = try process.map { try ThreadTimes(of: $0) }
        let result = try ask(run, socket)
        record(result, .totpd, run)
        if let process, let before {
            let times = try ThreadTimes(of: process)
                .microseconds(since: before, requests: result.replies)
                .map { "\($0.name) \(decimal($0.each, places: 2))" }
            print("threads, \(run.shape): \(times.joined(separator: ", ")) µs a request")
        }
        if let redisSocket, !run.round.isMultiple(of: 2) { try measureRedis(run, redisSocket) }
    }

    private func ask(_ run: Plan.Run, _ socket: String) throws -> RunResult {
        if isMixed {
            let work = MixWorkload(population, places: run.places)
            return try Driver(work, path: socket, shape: run.shape).run()
        }
        let work = VerifyWorkload(population, places: run.places)
        return try Driver(work, path: socket, shape: run.shape).run()
    }

    private mutating func measureRedis(_ run: Plan.Run, _ socket: String) throws {
        let work = RedisWorkload(keys: population.order[run.places])
        record(try Driver(work, path: socket, shape: run.shape).run(), .redis, run)
    }

    private mutating func record(_ result: RunResult, _ server: Server, _ run: Plan.Run) {
        rates[Self.name(server, run.shapeIndex), default: []].append(result.perSecond)
        report("\(server.rawValue), \(run.shape): \(result)", result)
    }

    /// One line at once, also into a pipe, for who watches a long measurement.
    private mutating func report(_ line: String, _ result: RunResult) {
        unexpected += result.unexpected
        print(line)
        for reply in result.shown { print("  unexpected: \(reply)") }
        fflush(nil)
    }

    // MARK: After the runs

    private func summarize(_ index: Int) {
        let shape = plan.shapes[index]
        let totpd = rates[Self.name(.totpd, index)] ?? []
        let redis = rates[Self.name(.redis, index)] ?? []
        var line = "median, \(shape): totpd \(decimal(median(totpd), places: 0))/s"
        if !redis.isEmpty {
            // Each round's two runs are neighbours in time; their ratio drifts less than they do.
            let ratios = zip(totpd, redis).map { $0 / $1 }
            line += ", redis \(decimal(median(redis), places: 0))/s"
            line += ", totpd/redis \(decimal(median(ratios), places: 2))"
            if let least = ratios.min(), let most = ratios.max(), ratios.count > 1 {
                line += " (\(decimal(least, places: 2)) to \(decimal(most, places: 2)))"
            }
        }
        print(line)
    }

    private static func name(_ server: Server, _ shapeIndex: Int) -> String {
        "\(server.rawValue) \(shapeIndex)"
    }
}
