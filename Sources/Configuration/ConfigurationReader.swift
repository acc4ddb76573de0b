// From the text of totpd.toml to a `Configuration`: which settings there are, and their ranges.
// Each is in totpd.toml(5), and within the bounds in `Policy`.

import Accounts
import OneTimeCodes

package struct ConfigurationReader {
    private let names: UnixNames
    private let faults = ConfigurationFaults()

    /// - Throws: all that is wrong, in the order of the lines.
    package static func read(
        _ text: [UInt8], names: UnixNames
    ) throws(ConfigurationRefusal) -> Configuration {
        let root: TOMLTable
        do throws(ConfigurationFault) {
            root = try TOMLReader.read(text)
        } catch {
            throw ConfigurationRefusal(faults: [error])
        }
        let reader = ConfigurationReader(names: names)
        let configuration = reader.configuration(
            Section(root, name: "", line: nil, reader.faults))
        guard reader.faults.all.isEmpty else {
            throw ConfigurationRefusal(faults: reader.faults.all)
        }
        return configuration
    }

    private init(names: UnixNames) { self.names = names }

    private func configuration(_ file: Section) -> Configuration {
        var configuration = Configuration()
        if let apps = file.section("app") {
            let expected = "1 to \(Policy.appBytesMax) of a-z 0-9 . _ - are expected"
            let sections = apps.sections(expected) { AppName($0) }
            for (name, section) in sections { configuration.apps[name] = settings(section) }
            checkConnections(sections, configuration)
        }
        if let events = file.section("events") {
            if let days = events.integer("keep_days", Configuration.eventDaysRange) {
                configuration.eventLifetime = .days(Int64(days))
            }
            if let size = events.integer("keep_gib", Configuration.eventGiBRange) {
                configuration.eventBytesMax = size << 30
            }
            events.end()
        }
        if let journal = file.section("journal") {
            let words = JournalUsers.allCases.map { ($0.rawValue, $0) }
            configuration.journalUsers = journal.word("users", words) ?? .none
            journal.end()
        }
        file.end()
        return configuration
    }

    /// Each app must find room, whatever the others do.
    private func checkConnections(
        _ sections: [(name: AppName, section: Section)], _ configuration: Configuration
    ) {
        let total = AppSettings.connectionsMaxRange.upperBound
        let asked = configuration.apps.values.map { $0.connectionsMax ?? 1 }.reduce(0, +)
        guard asked > total else { return }
        let last = sections.filter { $0.section.line(of: "connections_max") != nil }
            .max {
                ($0.section.line(of: "connections_max") ?? 0)
                    < ($1.section.line(of: "connections_max") ?? 0)
            }
        let reason = "all apps together ask for \(asked) connections; \(total) at most are expected"
        guard let last else {
            faults.add(nil, reason)
            return
        }
        last.section.fault("connections_max", reason)
    }

    // MARK: One app

    private func settings(_ section: Section) -> AppSettings {
        var settings = AppSettings()
        let issuer = section.text("issuer", Self.issuerForm, where: Self.isIssuer)
        settings.users = section.names("users", "user") { try known(names.uid($0)) }
        settings.groups = section.names("groups", "group") { try known(names.gid($0)) }
        let parameters = parameters(section)
        let accountsMax = section.integer("accounts_max", Policy.accountsMaxRange)
        settings.connectionsMax = section.integer(
            "connections_max", AppSettings.connectionsMaxRange)
        let requiresFactor = section.flag("require") ?? false
        let allowsShortSecrets = section.flag("allow_short") ?? false
        let driftMax = section.integer("drift_max", Policy.driftMaxRange)
        settings.policy = AppPolicy(
            issuer: issuer, parameters: parameters,
            accountsMax: accountsMax ?? Policy.accountsMaxRange.upperBound,
            requiresFactor: requiresFactor, allowsShortSecrets: allowsShortSecrets,
            driftMax: Int8(driftMax ?? 0),
            throttle: throttle(section.section("throttle")),
            devices: devices(section.section("devices")),
            source: source(section.section("source")),
            limits: limits(section.section("limits")))
        section.end()
        return settings
    }

    private func known(_ id: UInt32?) throws(Stranger) -> UInt32? {
        guard id != Configuration.unnamed else { throw Stranger() }
        return id
    }

    private struct Stranger: Error, CustomStringConvertible {
        let description = "the kernel gives this name to everybody whom it cannot name"
    }

    private static let issuerForm =
        "1 to \(Policy.issuerBytesMax) bytes without a colon or control characters"

    private static func isIssuer(_ text: String) -> Bool {
        (1...Policy.issuerBytesMax).contains(text.utf8.count)
            && !text.utf8.contains(UInt8(ascii: ":")) && !text.hasControlCharacters
    }

    private func parameters(_ section: Section) -> CodeParameters {
        let standard = CodeParameters.standard
        let words = CodeAlgorithm.allCases.map { ($0.name, $0) }
        let algorithm = section.word("algorithm", words) ?? standard.algorithm
        let digits = section.integer("digits", CodeParameters.digitsRange) ?? standard.digits
        let period = section.integer("period", CodeParameters.periodRange) ?? standard.period
        guard
            let parameters = CodeParameters(algorithm: algorithm, digits: digits, period: period)
        else { preconditionFailure("both ranges were checked") }
        return parameters
    }

    private func throttle(_ section: Section?) -> ThrottlePolicy {
        var policy = ThrottlePolicy()
        guard let section else { return policy }
        let free = Policy.freeFailuresRange
        let most = Policy.failuresMaxRange
        if let count = section.integer("free_failures", Int(free.lowerBound)...Int(free.upperBound))
        {
            policy.freeFailures = UInt32(count)
        }
        policy.waitMin = section.duration("wait_min", Policy.waitMinRange) ?? policy.waitMin
        policy.waitMax = section.duration("wait_max", Policy.waitMaxRange) ?? policy.waitMax
        if let count = section.integer("failures_max", Int(most.lowerBound)...Int(most.upperBound))
        {
            policy.failuresMax = UInt32(count)
        }
        section.end()
        return policy
    }

    private func devices(_ section: Section?) -> DevicePolicy {
        var policy = DevicePolicy()
        guard let section else { return policy }
        if let days = section.integer("days", Policy.deviceDaysRange) {
            policy.lifetime = .days(Int64(days))
        }
        policy.max = section.integer("max", Policy.devicesMaxRange) ?? policy.max
        section.end()
        return policy
    }

    private func source(_ section: Section?) -> SourcePolicy {
        var policy = SourcePolicy()
        guard let section else { return policy }
        policy.max = section.integer("max", Policy.limitMaxRange) ?? policy.max
        if let seconds = section.integer("per", Policy.limitSecondsRange) {
            policy.per = .seconds(Int64(seconds))
        }
        policy.ipv6PrefixBits =
            section.integer("ipv6_prefix", Policy.ipv6PrefixRange) ?? policy.ipv6PrefixBits
        section.end()
        return policy
    }

    private func limits(_ section: Section?) -> [String: LimitPolicy] {
        var limits: [String: LimitPolicy] = [:]
        let expected = "1 to \(Policy.limitNameBytesMax) of A-Z a-z 0-9 . _ - are expected"
        let named = section?.sections(expected) { Self.isLimitName($0) ? $0 : nil } ?? []
        for (name, section) in named {
            let max = section.require("max", section.integer("max", Policy.limitMaxRange))
            let seconds = section.require("per", section.integer("per", Policy.limitSecondsRange))
            if let max, let seconds {
                limits[name] = LimitPolicy(max: max, per: .seconds(Int64(seconds)))
            }
            section.end()
        }
        return limits
    }

    private static func isLimitName(_ text: String) -> Bool {
        (1...Policy.limitNameBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { TOMLCursor.isBareKey($0) || $0 == UInt8(ascii: ".") }
    }
}
