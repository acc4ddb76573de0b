// What a TOML text can say, as one value.

package enum TOMLValue {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case array([TOMLNode])
    case table(TOMLTable)

    /// For people.
    package var kind: String {
        switch self {
        case .string: return "a string"
        case .integer: return "an integer"
        case .boolean: return "true or false"
        case .array: return "a list"
        case .table: return "a table"
        }
    }
}
