// A bucket of limits as a row.

import Accounts
import Secrets
import Store

enum BucketRow {
    /// - Parameter sealed: nil for no row: nothing is spent.
    static func open(
        _ sealed: [UInt8]?, _ id: RecordID, _ seal: RowSeal
    ) throws(RecordFault) -> LimitBucket {
        guard let sealed else { return LimitBucket() }
        return try seal.withOpened(
            sealed, versions: LimitRecord.versions, in: .limits, at: Parameter.uuid(id)
        ) { plain, version throws(RecordFault) in
            try LimitRecord.decode(plain, version: version)
        }
    }

    /// A bucket, and whose it is.
    static func openOwned(
        _ sealed: [UInt8], _ id: RecordID, _ seal: RowSeal
    ) throws(RecordFault) -> LimitSlice.Bucket {
        try seal.withOpened(
            sealed, versions: LimitRecord.versions, in: .limits, at: Parameter.uuid(id)
        ) { plain, version throws(RecordFault) in
            LimitSlice.Bucket(
                owner: try LimitRecord.decodeOwner(plain, version: version),
                keys: try LimitRecord.decode(plain, version: version))
        }
    }

    /// Nil when there is nothing to keep.
    static func seal(_ bucket: LimitBucket, _ address: LimitAddress, _ seal: RowSeal) -> [UInt8]? {
        LimitRecord.encode(bucket, of: address.owner).map {
            seal.seal(
                $0, version: LimitRecord.version, in: .limits,
                at: Parameter.uuid(address.bucket))
        }
    }
}
