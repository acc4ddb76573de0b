// What a transaction has done to the records that a state binds. A record is its place, and the tag
// that it is sealed with, which depends on all of it.

import Secrets

final class SetChange {
    private let hasher: SetHasher
    /// Whether the state has to be written anew.
    private(set) var isNeeded = false

    init(_ key: SetHashKey) { hasher = SetHasher(key) }

    /// What the hash of all records changes by.
    var hash: SetHash { hasher.hash }

    /// One of the store's own records has changed.
    func noteOwn() { isNeeded = true }

    /// A record has changed.
    ///
    /// - Parameters:
    ///   - old: the tag of what was there; nil when nothing was.
    ///   - new: the same of what is there now.
    func note(from old: SetHash?, to new: SetHash?, at key: UnsafeRawBufferPointer, in table: Table)
    {
        isNeeded = true
        guard let place = Self.place(key) else { return }
        let domain = Int(table.rawValue)
        if let old { hasher.toggle(old, at: place, in: domain) }
        if let new { hasher.toggle(new, at: place, in: domain) }
    }

    /// What totpd writes has a key of 16 bytes; nil of any other, which nobody looks up and a check
    /// tells of.
    static func place(_ key: UnsafeRawBufferPointer) -> SetHash? {
        key.count == SetHash.bytes ? SetHash(key) : nil
    }

    /// Of what is shorter by damage, and does not open, as much as there is.
    static func tag(_ sealed: UnsafeRawBufferPointer) -> SetHash {
        withUnsafeTemporaryAllocation(byteCount: SetHash.bytes, alignment: 8) { tag in
            let end = sealed.suffix(SealingKey.tagBytes)
            tag.initializeMemory(as: UInt8.self, repeating: 0)
            tag.copyMemory(from: UnsafeRawBufferPointer(rebasing: end))
            return SetHash(UnsafeRawBufferPointer(tag))
        }
    }
}
