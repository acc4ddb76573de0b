// What makes totpd degraded or failing, from what the host, the event loop, the lane and the store
// say. A pure function: it looks at nothing itself.

import Store
import Wire

extension Health {
    /// What is wrong, the worst first.
    enum Reason: String, CaseIterable {
        case laneStuck = "lane_stuck"
        case databaseAway = "database_away"
        case storeWentBack = "store_went_back"
        case laneTaken = "lane_taken"
        case notReplicated = "not_replicated"
        case clockSkew = "clock_skew"
        case storeUnreadable = "store_unreadable"
        case storeRolledBack = "store_rolled_back"
        case diskFull = "disk_full"
        case diskLow = "disk_low"
        case laneSlow = "lane_slow"
        case clockJumped = "clock_jumped"
        case clockUnsynchronized = "clock_unsynchronized"
        case clockBehind = "clock_behind"
        case clockFast = "clock_fast"
        case clockSlow = "clock_slow"
        case guessing
        case sourceIsProxy = "source_is_proxy"
        case masterKeyOld = "master_key_old"
        case eventUnreadable = "event_unreadable"
        case eventsFull = "events_full"
        case readersFull = "readers_full"
        case connectionsFull = "connections_full"
        case configurationRefused = "configuration_refused"
        case checkProblems = "check_problems"
        case checkFailed = "check_failed"
        case backupFailed = "backup_failed"
        case exportFailed = "export_failed"
        case rotationFailed = "rotation_failed"

        var state: State {
            switch self {
            case .laneStuck, .databaseAway, .storeWentBack, .laneTaken, .notReplicated, .clockSkew,
                .storeUnreadable, .storeRolledBack, .diskFull:
                return .failing
            case .diskLow, .laneSlow, .clockJumped, .clockUnsynchronized, .clockBehind, .clockFast,
                .clockSlow, .guessing, .sourceIsProxy, .masterKeyOld, .eventUnreadable,
                .eventsFull, .readersFull, .connectionsFull, .configurationRefused, .checkProblems,
                .checkFailed, .backupFailed, .exportFailed, .rotationFailed:
                return .degraded
            }
        }

        init(_ away: StoreFault.AwayReason) {
            switch away {
            case .databaseAway: self = .databaseAway
            case .notReplicated: self = .notReplicated
            case .clockSkew: self = .clockSkew
            case .wentBack: self = .storeWentBack
            case .laneTaken: self = .laneTaken
            }
        }
    }

    /// - Parameter standing: what is known without a look into the store.
    init(
        _ outcome: StoreReport.Outcome, _ clock: HostClock, skew: ClockSkew?,
        isBehind: Bool = false, isGuessedAt: Bool = false,
        isOneSource: Bool = false, areAppsFull: Bool = false, standing: Set<Reason> = []
    ) {
        var reasons = standing
        if clock == .unsynchronized { reasons.insert(.clockUnsynchronized) }
        if isBehind { reasons.insert(.clockBehind) }
        if areAppsFull { reasons.insert(.connectionsFull) }
        if let skew { reasons.insert(skew == .fast ? .clockFast : .clockSlow) }
        if isGuessedAt { reasons.insert(.guessing) }
        if isOneSource { reasons.insert(.sourceIsProxy) }
        var report: StoreReport?
        switch outcome {
        case .late: reasons.insert(.laneStuck)
        case .failed(.away(let reason, _)): reasons.insert(Reason(reason))
        case .failed: reasons.insert(.storeUnreadable)
        case .found(let found):
            report = found
            if let away = found.store.away { reasons.insert(Reason(away)) }
            if !found.store.damagedParts.isEmpty { reasons.insert(.storeUnreadable) }
            if found.store.hasOlderRecords { reasons.insert(.storeRolledBack) }
            if found.isFull { reasons.insert(.diskFull) }
            if let room = found.store.roomBytes, room < ServerPolicy.roomUsual {
                reasons.insert(.diskLow)
            }
            if found.waited > ServerPolicy.laneWaitUsual { reasons.insert(.laneSlow) }
            if found.store.masterKey != found.store.masterKeyWanted {
                reasons.insert(.masterKeyOld)
            }
            if found.store.isReadersFull { reasons.insert(.readersFull) }
            if !found.store.isClockTrusted { reasons.insert(.clockJumped) }
            if found.store.unreadableEvent != nil { reasons.insert(.eventUnreadable) }
            if let bound = found.store.eventBytesMax,
                found.store.eventBytes > bound - bound / ServerPolicy.eventRoomShare
            {
                reasons.insert(.eventsFull)
            }
        }
        let sorted = Reason.allCases.filter(reasons.contains)
        let parts = report?.store.damagedParts ?? []
        self.init(
            state: sorted.first?.state ?? .ok, reasons: sorted.map(\.rawValue),
            unreadable: StorePart.allCases.filter(parts.contains).map(\.rawValue),
            clock: clock.rawValue, laneWait: report?.waited, roomBytes: report?.store.roomBytes,
            keptAgo: report?.keptAgo)
    }
}
