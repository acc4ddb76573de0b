// How a server is asked: over how many connections, with how many requests under way on each.

import ArgumentParser

struct Shape: Equatable {
    /// What totpd takes on its app sockets.
    static let connectionsMax = 10_240
    /// What totpd reads ahead on one connection.
    static let pipelineMax = 1_024

    let connections: Int
    let pipeline: Int
    /// Requests in each round; nil for an equal share of the accounts.
    let requests: Int?

    init?(connections: Int, pipeline: Int, requests: Int? = nil) {
        guard (1...Self.connectionsMax).contains(connections),
            (1...Self.pipelineMax).contains(pipeline), requests ?? 1 > 0
        else { return nil }
        self.connections = connections
        self.pipeline = pipeline
        self.requests = requests
    }
}

extension Shape: ExpressibleByArgument {
    /// `50x16`, or `50x16:200000` with a number of requests.
    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        let sides = parts[0].split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count <= 2, sides.count == 2, let connections = Int(sides[0]),
            let pipeline = Int(sides[1])
        else { return nil }
        if parts.count == 1 {
            self.init(connections: connections, pipeline: pipeline)
        } else {
            guard let requests = Int(parts[1]) else { return nil }
            self.init(connections: connections, pipeline: pipeline, requests: requests)
        }
    }
}

extension Shape: CustomStringConvertible {
    var description: String {
        "\(connections) connection\(connections == 1 ? "" : "s") x \(pipeline)"
    }
}
