// A row opens where it was sealed and nowhere else, and is what LMDB's engine seals.

import LMDBStore
import Secrets
import Store
import Testing

@testable import LMDBStore
@testable import PostgresStore

@Suite("A sealed row")
struct RowSealTests {
    private let keys = DataKeys.generate()
    private let plain: [UInt8] = [1, 2, 3]
    private let key = Parameter.int64(77)

    private func opened(
        _ sealed: [UInt8], _ seal: RowSeal, _ table: RowTable, _ key: [UInt8],
        _ versions: ClosedRange<UInt8> = 1...5
    ) -> Result<[UInt8], RecordFault> {
        Result { () throws(RecordFault) in
            try seal.withOpened(sealed, versions: versions, in: table, at: key) {
                plain, _ throws(RecordFault) in Array(plain)
            }
        }
    }

    @Test("opens in its place alone")
    func place() throws {
        let seal = RowSeal(keys: keys)
        let sealed = plain.withUnsafeBytes { seal.seal($0, version: 3, in: .guards, at: key) }
        #expect(opened(sealed, seal, .guards, key) == .success(plain))
        #expect(opened(sealed, seal, .factors, key) == .failure(.doesNotOpen))
        #expect(opened(sealed, seal, .guards, Parameter.int64(78)) == .failure(.doesNotOpen))
        #expect(opened(sealed, seal, .guards, key, 4...5) == .failure(.unknownFormat(3)))
        #expect(opened(sealed, RowSeal(keys: .generate()), .guards, key) == .failure(.doesNotOpen))
        #expect(opened([], seal, .guards, key) == .failure(.doesNotOpen))
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(opened(changed, seal, .guards, key) != .success(plain), "\(index)")
        }
    }

    @Test("is what the other engine seals, and the other way round")
    func alike() throws {
        let (row, record) = (RowSeal(keys: keys), RecordSeal(keys: keys))
        for (table, other) in [
            (RowTable.factors, Table.factors), (.guards, .guards), (.limits, .limits),
            (.apps, .apps),
        ] {
            let ours = plain.withUnsafeBytes { row.seal($0, version: 2, in: table, at: key) }
            let theirs = plain.withUnsafeBytes { plain in
                key.withUnsafeBytes { record.seal(plain, version: 2, in: other, at: $0) }
            }
            #expect(opened(theirs, row, table, key) == .success(plain))
            let opened = try ours.withBytes { ours throws(RecordFault) in
                try key.withBytes { key throws(RecordFault) in
                    try record.open(ours, version: 2, in: other, at: key)
                }
            }
            #expect(opened.withBytes { Array($0) } == plain)
        }
    }
}
