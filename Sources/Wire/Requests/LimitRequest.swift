// The fields of `limit`. A request that says two things at once is refused.

import Accounts

package struct LimitRequest: Sendable {
    /// Of a limit in the configuration; it is part of what is counted.
    package let name: String?
    package let key: String?
    package let address: IPAddress?
    package let limit: Limit

    init(_ fields: Fields) throws(Refusal) {
        name = try fields.text(.name, bytes: 1...Policy.limitNameBytesMax)
        key = try fields.text(.key, bytes: 1...Policy.limitKeyBytesMax)
        address = try Self.address(fields)
        guard key != nil || address != nil else {
            throw Fields.refusal(.key, "this field is required, or address")
        }
        let rule = try Self.rule(fields, name)
        limit = Limit(try Self.action(fields, rule), under: rule)
    }

    private static func address(_ fields: Fields) throws(Refusal) -> IPAddress? {
        let range = 1...Policy.limitKeyBytesMax
        guard let text = try fields.text(.address, bytes: range) else { return nil }
        guard let address = IPAddress(asServersWrite: text) else {
            throw Fields.refusal(.address, "an IPv4 or IPv6 address is expected")
        }
        return address.host
    }

    private static func rule(_ fields: Fields, _ name: String?) throws(Refusal) -> Limit.Rule {
        let max = try fields.integer(.max, Policy.limitMaxRange.asInt64)
        let per = try fields.integer(.per, Policy.limitSecondsRange.asInt64)
        if let name {
            let surplus: FieldName? = max != nil ? .max : per != nil ? .per : nil
            if let surplus {
                throw Fields.refusal(surplus, "the named limit says this already")
            }
            return .named(name)
        }
        return .given(
            LimitPolicy(
                max: Int(try fields.require(.max, max)),
                per: .seconds(try fields.require(.per, per))))
    }

    private static func action(
        _ fields: Fields, _ rule: Limit.Rule
    ) throws(Refusal) -> Limit.Action {
        let cost = try fields.integer(.cost, Policy.limitMaxRange.asInt64)
        let isPeek = try fields.flag(.peek) ?? false
        guard try fields.flag(.reset) ?? false else {
            let cost = Int(cost ?? 1)
            return isPeek ? .peek(cost) : .spend(cost)
        }
        guard !isPeek else { throw Fields.refusal(.peek, "not together with reset") }
        guard cost == nil else { throw Fields.refusal(.cost, "not together with reset") }
        return .reset
    }
}

extension ClosedRange<Int> {
    fileprivate var asInt64: ClosedRange<Int64> { Int64(lowerBound)...Int64(upperBound) }
}
