// Why the records of an account, or of a limit, cannot be used.

package enum RecordFault: Error, Equatable, Sendable {
    /// They did not authenticate: damaged, moved from elsewhere, or sealed under a key that is
    /// gone.
    case doesNotOpen
    /// Written by a newer version.
    case unknownFormat(UInt8)
    /// They opened, but say something that cannot be.
    case malformed
    /// One of the two records is there, and the other is not.
    case incomplete
    /// The two records were not written with each other: one of them is older.
    case otherFactor
    /// They lie on a page of the store's file that is damaged, or would, if they were there.
    case pageDamaged(UInt64)
}
