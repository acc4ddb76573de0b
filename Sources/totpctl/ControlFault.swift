// Why a subcommand could not do its work, in words for people.

/// Something is wrong on this side, or nobody answered.
struct ControlFault: Error, CustomStringConvertible {
    let description: String
    let hint: String?
    /// Somebody takes connections and answers none.
    let isSilence: Bool

    init(_ description: String, hint: String? = nil, isSilence: Bool = false) {
        self.description = description
        self.hint = hint
        self.isSilence = isSilence
    }
}
