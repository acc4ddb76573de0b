// Loads totpd, and Redis beside it, as much as they can take, and says how much that was. It
// imports accounts of its own: do not point it at a daemon that people use.

import ArgumentParser
import Glibc

@main
struct TOTPLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "totpload",
        abstract: "Measures durable verifies a second, and Redis INCR beside them.",
        discussion: """
            Imports accounts over the admin socket, then sends each account's right code once.
            Every run uses accounts of its own, in random order. Latencies are from just before
            a request is written to just after its reply is read, at full pipelines.
            With --no-import, wait a minute after the last run: used codes stay used.

            Exit status: 0; 1 when a run could not be finished; 3 when a reply was not the
            expected one; 64 for wrong options.
            """)

    @Option(help: "The app socket of totpd.")
    var socket: String?
    @Option(help: "The admin socket of totpd, for the import.")
    var adminSocket: String?
    @Option(help: "Also ask Redis on this Unix socket, taking turns; set appendfsync yourself.")
    var redis: String?
    @Option(help: "Accounts to import and to use.")
    var accounts: Int
    @Option(help: "Connections (default: 50).")
    var connections: Int?
    @Option(help: "Requests under way on each connection (default: 16).")
    var pipeline: Int?
    @Option(help: "Requests in each run (default: an equal share of the accounts).")
    var requests: Int?
    @Option(help: "Instead of the three above, repeatable: CxP or CxP:REQUESTS, as 50x16:200000.")
    var shape: [Shape] = []
    @Option(help: "How often to go through all shapes.")
    var rounds = 1
    @Option(help: "How the accounts' names begin.")
    var prefix = "load"
    @Option(help: "What secrets and order are made from.")
    var seed: UInt64 = 1
    @Flag(help: "The accounts are there already.")
    var noImport = false
    @Flag(help: "Of twenty requests one is a wrong code, and one a limit.")
    var mix = false
    @Option(help: "Instead: a limit of each of so many keys, on the admin socket.")
    var keys: Int?
    @Option(help: "Also print the processor time of each thread of this process: totpd's.")
    var threadsOf: Int32?
    @Option(help: "Write the verify requests to this new file instead of sending them.")
    var outputLines: String?

    func run() throws {
        let plan = try makePlan()
        let population = try Population(prefix: prefix, count: accounts, seed: seed)
        var campaign = Campaign(population, plan, isMixed: mix, threadsOf: threadsOf)
        try raiseDescriptorLimit()

        if let keys, let adminSocket {
            try campaign.flood(keys, adminSocket: adminSocket)
        } else {
            try ask(&campaign)
        }

        guard campaign.unexpected == 0 else { throw ExitCode(3) }
    }

    private func ask(_ campaign: inout Campaign) throws {
        if !noImport, let adminSocket { try campaign.importAccounts(adminSocket: adminSocket) }
        if let outputLines {
            try LinesFile.write(campaign.population, campaign.plan, to: outputLines)
        } else if let socket {
            if !noImport, let redis { try campaign.makeKeys(redisSocket: redis) }
            try campaign.measure(socket: socket, redisSocket: redis)
        }
    }

    func validate() throws {
        guard socket != nil || outputLines != nil || keys != nil else {
            throw ValidationError("give --socket, --keys or --output-lines")
        }
        guard keys.map({ (1...Population.accountsMax).contains($0) && adminSocket != nil }) ?? true
        else { throw ValidationError("--keys is 1 or more, and needs --admin-socket") }
        guard !mix || (outputLines == nil && redis == nil) else {
            throw ValidationError("--mix goes with neither --redis nor --output-lines")
        }
        guard adminSocket != nil || noImport else {
            throw ValidationError("give --admin-socket, or --no-import")
        }
        guard redis == nil || outputLines == nil else {
            throw ValidationError("--output-lines sends nothing, so there is nothing for --redis")
        }
        guard shape.isEmpty || (connections == nil && pipeline == nil) else {
            throw ValidationError("--shape takes the place of --connections and --pipeline")
        }
        guard accounts > 0, rounds > 0, requests ?? 1 > 0 else {
            throw ValidationError("--accounts, --rounds and --requests are 1 or more")
        }
    }

    private func makePlan() throws -> Plan {
        let single = Shape(connections: connections ?? 50, pipeline: pipeline ?? 16)
        guard let single else {
            throw ValidationError(
                "--connections is 1 to \(Shape.connectionsMax), --pipeline 1 to"
                    + " \(Shape.pipelineMax)")
        }
        return try Plan(
            accounts: accounts, shapes: shape.isEmpty ? [single] : shape, requests: requests,
            rounds: rounds)
    }

    /// Shells allow 1,024 descriptors unless asked; a process may take its hard limit.
    private func raiseDescriptorLimit() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw LoadError.callFailed(call: "getrlimit", code: errno)
        }
        limit.rlim_cur = limit.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw LoadError.callFailed(call: "setrlimit", code: errno)
        }
    }
}
