// Where a key's count is kept: in which bucket's record, and under which tag there. An app has
// 65,536 buckets for its limits, and as many for sources, each with room for
// `LimitBucket.capacity` keys: what it can make totpd keep is bounded without anybody counting,
// and however full it makes its own, another app's are as they were.

import Secrets

package struct LimitAddress: Hashable, Sendable {
    /// Made as accounts' ids are, and never one of theirs.
    package let bucket: RecordID
    package let tag: UInt64
    package let owner: LimitOwner

    package static let bucketsOfApp = 1 << 16

    package init(bucket: RecordID, tag: UInt64, of owner: LimitOwner) {
        (self.bucket, self.tag, self.owner) = (bucket, tag, owner)
    }

    /// HMAC-SHA-256(index key, "limit" ‖ 0 ‖ kind ‖ app ‖ name ‖ key ‖ address), each text after
    /// its length: two bytes say which bucket, eight are the tag. The bucket's id is the beginning
    /// of HMAC-SHA-256(index key, "bucket" ‖ 0 ‖ kind ‖ app ‖ the two bytes).
    ///
    /// An account's id begins with the length of an app's name, at most 32: both are apart from it.
    package init(_ key: LimitKey, indexKey: HMACKey) {
        owner = key.owner
        let app = Array(owner.app.description.utf8)
        var message = Array("limit\0".utf8)
        message.append(owner.kind.rawValue)
        for text in [app, key.name.bytes, key.key.bytes, key.address?.bytes ?? []] {
            message.append(UInt8(truncatingIfNeeded: text.count >> 8))
            message.append(UInt8(truncatingIfNeeded: text.count))
            message += text
        }
        let digest = indexKey.digest(of: message)
        tag = digest[2..<10].reduce(0) { $0 << 8 | UInt64($1) }
        let place = indexKey.digest(
            of: Array("bucket\0".utf8) + [owner.kind.rawValue] + digest[..<2] + app)
        bucket = RecordID(
            high: place[..<8].reduce(0) { $0 << 8 | UInt64($1) },
            low: place[8..<16].reduce(0) { $0 << 8 | UInt64($1) })
    }
}

extension String? {
    /// Nothing for what is absent: no text here is empty.
    fileprivate var bytes: [UInt8] { map { Array($0.utf8) } ?? [] }
}

extension HMACKey {
    fileprivate func digest(of message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.digestBytes) { digest, count in
            message.withUnsafeBytes { message in
                authenticate(message, into: UnsafeMutableRawBufferPointer(digest))
            }
            count = Self.digestBytes
        }
    }
}
