// The reasons of `health` in words, and what to do about each. A reason of a newer daemon is shown
// by its name.

struct HealthReason {
    /// As the daemon says it.
    let name: String

    var isKnown: Bool { Self.texts[name] != nil }

    /// What is wrong, for people.
    var words: String {
        guard let text = Self.texts[name] else { return name }
        return "\(name): \(text.words)"
    }

    var advice: String { Self.texts[name]?.advice ?? "journalctl -u totpd -n 50" }

    private static let texts: [String: (words: String, advice: String)] = [
        "lane_stuck": (
            "the thread that writes does not answer",
            "the disk hangs: journalctl -k. When it is back: systemctl restart totpd"
        ),
        "database_away": (
            "the database does not answer, and requests are refused",
            "psql; systemctl status postgresql or patronictl list; journalctl -u totpd -n 50"
        ),
        "store_went_back": (
            "the database has less than it has acknowledged: it was restored, or lost a primary",
            "start no host before you know which copy is the newest; journalctl -u totpd -n 50"
        ),
        "lane_taken": (
            "another totpd writes under this host's name",
            "give each host a name of its own; then systemctl restart totpd"
        ),
        "not_replicated": (
            "the database would keep a change on one host alone, so requests are refused",
            "psql -c 'SELECT * FROM pg_stat_replication'; see synchronous_standby_names"
        ),
        "clock_skew": (
            "the database's clock and this host's are more than 20 s apart",
            "timedatectl on both; let systemd-timesyncd or chrony set the clocks"
        ),
        "store_unreadable": (
            "the database cannot be read, or some of it is damaged, and who is there is refused",
            "totpctl check; restore a backup; dmesg tells of a disk that fails"
        ),
        "store_rolled_back": (
            "records are not those that totpd wrote last: somebody put one back, or removed one",
            "find out who writes to the state directory; then totpctl backup, and totpctl restore"
        ),
        "disk_full": (
            "the disk is full, and requests are refused",
            "df -h /var/lib/totpd; make room, and see keep_days in totpd.toml(5)"
        ),
        "disk_low": (
            "the disk is nearly full",
            "df -h /var/lib/totpd; make room, and see keep_days in totpd.toml(5)"
        ),
        "lane_slow": (
            "the disk is slow", "iostat -x 1; find out what else uses the disk"
        ),
        "clock_jumped": (
            "the clock is not where it should be after the time that has passed",
            "date; timedatectl; totpctl events --operation health. If the clock is right, wait: "
                + "totpd trusts it after seven days, and removes nothing old until then"
        ),
        "clock_unsynchronized": (
            "the clock is not synchronized, and codes will be wrong",
            "timedatectl; let systemd-timesyncd or chrony set the clock"
        ),
        "clock_behind": (
            "the clock was set back, and some people's codes are refused until it has caught up",
            "timedatectl; if it was ahead before, see --forget-future in totpctl(1)"
        ),
        "clock_fast": (
            "most phones say that this host's clock is ahead",
            "timedatectl; let systemd-timesyncd or chrony set the clock"
        ),
        "clock_slow": (
            "most phones say that this host's clock is behind",
            "timedatectl; let systemd-timesyncd or chrony set the clock"
        ),
        "guessing": (
            "many more codes of an app are wrong today than is usual: somebody guesses",
            "journalctl -u totpd says which app; totpctl sources and totpctl events --result "
                + "wrong_code say from where. Known passwords were leaked: let people change them"
        ),
        "source_is_proxy": (
            "all codes of an app come from one private address, so they count as one source",
            "let the web server behind the proxy take the client's address (X-Forwarded-For, "
                + "PROXY), and send that as source"
        ),
        "master_key_old": (
            "the store's keys are not wrapped by the first key of the key file",
            "totpctl rotate-key master"
        ),
        "event_unreadable": (
            "an old event cannot be read, so it and all later ones are kept too long",
            "totpctl check; dmesg. Replace a disk that damages files"
        ),
        "events_full": (
            "events take nearly all the room they may, so the oldest are removed too early",
            "totpctl events; see keep_gib and keep_days in totpd.toml(5)"
        ),
        "readers_full": (
            "too many processes read the database, so no check, backup or "
                + "export can begin",
            "pgrep -a totpctl; kill those that should not run"
        ),
        "connections_full": (
            "an app has as many connections as it may, or all apps together have",
            "ss -xp | grep totpd; see connections_max in totpd.toml(5)"
        ),
        "configuration_refused": (
            "the last reload was refused, and the settings before it still hold",
            "totpd --check-config; fix what it says; systemctl reload totpd"
        ),
        "check_problems": (
            "the newest check found problems", "totpctl check; restore a backup"
        ),
        "check_failed": (
            "the newest check could not be made", "journalctl -u totpd -n 50; totpctl check"
        ),
        "backup_failed": (
            "the newest backup was not made",
            "totpctl events --operation backup; totpctl backup PATH"
        ),
        "export_failed": (
            "the newest export was not made, or lacks accounts that do not open",
            "totpctl events --operation export; totpctl check"
        ),
        "rotation_failed": (
            "the newest change of keys was not made",
            "journalctl -u totpd -n 50; run totpctl rotate-key again"
        ),
    ]
}
