// The row of a lane: found by the host and the place it has there, and made when there is none.

import Accounts
import Secrets
import Store

struct LaneRow {
    private let host: String
    private let place: Int64
    private let seal: RowSeal

    /// Hosts that come at once may each find the next id taken, once for each other host.
    private static let triesMax = 20

    init(host: String, place: Int64, _ seal: RowSeal) {
        (self.host, self.place, self.seal) = (host, place, seal)
    }

    func id(
        _ connection: Connection, by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> Int64 {
        let parameters = (Parameter.text(host), Parameter.int64(place))
        for _ in 0..<Self.triesMax {
            let found = try connection.run(
                [LaneStatements.find.with(parameters.0, parameters.1)], by: deadline)[0]
            if found.count > 0 { return try found.int64(0, 0) }
            let id = try connection.run([LaneStatements.next.with()], by: deadline)[0].int64(0, 0)
            let make = LaneStatements.make.with(
                Parameter.int64(id), parameters.0, parameters.1,
                Parameter.uuid(.randomToken()), LaneEnd.none.sealed(for: id, seal))
            do throws(DatabaseFault) {
                _ = try connection.commit([LaneStatements.begin, make], by: deadline)
                return id
            } catch .refused(.uniqueViolation, _) {
                _ = try connection.run([Statement.rollback], by: deadline)
            }
        }
        throw .unexpected("other hosts take every lane first")
    }

    /// What a lane's row says; nil without a row.
    static func end(
        of id: Int64, _ connection: Connection, _ seal: RowSeal,
        by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> LaneEnd? {
        let found = try connection.run(
            [LaneStatements.read.with(Parameter.int64(id))], by: deadline)[0]
        guard found.count > 0 else { return nil }
        let (batches, sealed) = (try found.int64(0, 0), try found.record(0, 1))
        do throws(RecordFault) {
            let end = try LaneEnd.open(sealed, of: id, seal)
            guard end.batches == batches else { throw .malformed }
            return end
        } catch {
            throw .unexpected("the row of lane \(id): \(error)")
        }
    }
}
