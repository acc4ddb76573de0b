// How a connection comes about: host by host, each with its share of the time that is left, because
// libpq knows no other time-out here than ours.

import CPostgres
import Glibc

struct Connecting {
    typealias Keywords = [(keyword: String, value: String)]

    private let pq: libpq
    private let conninfo: String
    /// Over those of the connection string.
    private let settings: Keywords

    init(_ pq: libpq, _ conninfo: String, _ settings: Keywords) {
        (self.pq, self.conninfo, self.settings) = (pq, conninfo, settings)
    }

    /// Returns a connection that the caller ends.
    func connect(by deadline: ContinuousClock.Instant) throws(DatabaseFault) -> OpaquePointer {
        let first = try start([])
        guard let hosts = hosts(of: first).each else { return try finish(first, by: deadline) }
        pq.PQfinish(first)
        var causes: [String] = []
        for (index, host) in hosts.enumerated() {
            let share = ContinuousClock.now.duration(to: deadline) / (hosts.count - index)
            do throws(DatabaseFault) {
                return try finish(start(host), by: min(deadline, .now + max(share, .zero)))
            } catch {
                causes.append("\(host[0].value): \(error.cause)")
            }
        }
        throw .unreachable(causes.joined(separator: "; "))
    }

    private func start(_ host: Keywords) throws(DatabaseFault) -> OpaquePointer {
        let parameters: Keywords = [("dbname", conninfo)] + settings + host
        let started = parameters.map(\.0).withCStrings { keywords in
            parameters.map(\.1).withCStrings { pq.PQconnectStartParams(keywords, $0, 1) }
        }
        guard let started else { throw .unreachable("libpq has no memory") }
        return started
    }

    /// What libpq makes of the connection string.
    private func hosts(of connection: OpaquePointer) -> HostList {
        var list = HostList()
        guard let options = pq.PQconninfo(connection) else { return list }
        defer { pq.PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.value.map({ String(cString: $0) }) {
                switch String(cString: keyword) {
                case "host": list.host = value
                case "hostaddr": list.address = value
                case "port": list.port = value
                default: break
                }
            }
            option += 1
        }
        return list
    }

    /// Waits until it is there; one that is not is ended.
    private func finish(
        _ connection: OpaquePointer, by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> OpaquePointer {
        do throws(DatabaseFault) {
            var next = libpq_polling_writing
            while next != libpq_polling_ok {
                switch next {
                case libpq_polling_reading: _ = try pq.wait(connection, for: POLLIN, by: deadline)
                case libpq_polling_writing: _ = try pq.wait(connection, for: POLLOUT, by: deadline)
                // PGRES_POLLING_FAILED, or what is no state at all.
                default: throw .lost(pq.message(of: connection))
                }
                next = Int(pq.PQconnectPoll(connection))
            }
            return connection
        } catch {
            pq.PQfinish(connection)
            throw .unreachable(error.cause)
        }
    }
}

extension DatabaseFault {
    fileprivate var cause: String {
        switch self {
        case .lost(let cause), .unreachable(let cause): cause
        // The others say all that is known.
        default: description
        }
    }
}

extension [String] {
    /// Lends a null-terminated array of C strings.
    fileprivate func withCStrings<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let copies: [UnsafeMutablePointer<CChar>?] = map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let pointers = copies.map { UnsafePointer($0) } + [nil]
        return pointers.withUnsafeBufferPointer { pointers in
            guard let first = pointers.baseAddress else {
                preconditionFailure("an array with an element has an address")
            }
            return body(first)
        }
    }
}
