// What did not open: a wrong key, a damaged record, or one moved from elsewhere. They look alike.

package struct OpeningFault: Error, Equatable, Sendable {}
