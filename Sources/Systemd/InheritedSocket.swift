// A listening Unix stream socket; its receiver owns the descriptor and closes it.

package struct InheritedSocket: Sendable, Equatable {
    /// `FileDescriptorName=` of the socket unit, or the unit's name.
    package let name: String
    package let descriptor: Int32
}
