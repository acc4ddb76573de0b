// A set of field names; there may be 64 of them.

struct FieldNames: OptionSet, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }
    init(_ name: FieldName) { rawValue = 1 << UInt64(name.rawValue) }
    init(_ names: FieldName...) { rawValue = names.reduce(0) { $0 | FieldNames($1).rawValue } }

    func and(_ names: FieldName...) -> FieldNames {
        FieldNames(rawValue: names.reduce(rawValue) { $0 | FieldNames($1).rawValue })
    }
}
