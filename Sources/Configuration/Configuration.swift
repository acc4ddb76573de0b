// What an admin has set, as one value: the apps, who speaks for each, and what holds for it. A
// value is complete and within bounds.

import Accounts

package struct Configuration: Equatable, Sendable {
    /// What holds when there is no file.
    package static let standard = Configuration()

    package var apps: [AppName: AppSettings] = [:]
    /// How long events are kept.
    package var eventLifetime = Duration.days(400)
    package static let eventDaysRange = 1...3_650
    /// What they may take on the disk.
    package var eventBytesMax = 8 << 30
    /// A lap of the log, 64 MiB, has to be a small part of the least. Twice the most is the store's
    /// map, of which 60 GB are for accounts.
    package static let eventGiBRange = 1...128
    package var journalUsers = JournalUsers.none

    /// What the kernel calls everybody whom it cannot name, out of another user namespace.
    package static let unnamed: UInt32 = 65_534

    package init() {}
}

extension Configuration {
    /// What an app that the file does not name has to keep to.
    package func policy(of app: AppName) -> AppPolicy {
        apps[app]?.policy ?? .standard
    }

    /// The apps that the file names, in the order of their names; `default` among them as long as
    /// everybody speaks for it.
    package var knownApps: [AppName] {
        let isAnyoneNamed = apps.values.contains { !$0.users.isEmpty || !$0.groups.isEmpty }
        return Set(apps.keys).union(isAnyoneNamed ? [] : [.standard]).sorted()
    }

    /// For whom a Unix user speaks, in the order of the names. As long as nobody is named anywhere,
    /// everybody who may connect speaks for `default`.
    ///
    /// - Parameter namesakes: apps that have a socket of their own, with the Unix user who is
    ///   called like the app. That user speaks for it where the file
    ///   names nobody.
    package func speaks(
        uid: UInt32, groups: [UInt32], namesakes: [AppName: UInt32] = [:]
    ) -> [AppName] {
        let named = apps.filter { $0.value.namesAnybody }
        var spoken = Set(
            named.filter { _, settings in
                settings.users.contains(uid) || groups.contains { settings.groups.contains($0) }
            }.keys)
        for (app, owner) in namesakes where owner == uid && named[app] == nil { spoken.insert(app) }
        if spoken.isEmpty, named.isEmpty { return [.standard] }
        return spoken.sorted { $0.description < $1.description }
    }

    /// Whether any Unix user but root speaks for an app, on a socket of its own.
    package func hasSpeakers(_ app: AppName, namesakes: [AppName: UInt32]) -> Bool {
        if let settings = apps[app], settings.namesAnybody { return true }
        return namesakes[app] != nil
            || (app == .standard && !apps.values.contains { $0.namesAnybody })
    }
}
