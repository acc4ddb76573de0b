// The reasons of `health` in words, and what to do about each. One that a later daemon has must be
// shown by its name, and never be left out.

struct HealthReason {
    /// As the daemon says it.
    let name: String

    /// What is wrong, for people.
    var words: String {
        guard let text = Self.texts[name] else { return name }
        return "\(name): \(text.words)"
    }

    var advice: String { Self.texts[name]?.advice ?? "journalctl -u totpd -n 50" }

    private static let texts: [String: (words: String, advice: String)] = [
        "lane_stuck": (
            "the thread that writes does not answer",
            "the disk hangs: journalctl -k; systemctl restart totpd when it is back"
        ),
        "store_unreadable": (
            "the database cannot be read", "journalctl -u totpd -n 50; restore a backup"
        ),
        "disk_full": (
            "there is no room, and requests are refused",
            "df -h /var/lib/totpd; make room, and see keep_days in totpd.toml(5)"
        ),
        "disk_low": (
            "there is little room left",
            "df -h /var/lib/totpd; make room, and see keep_days in totpd.toml(5)"
        ),
        "lane_slow": (
            "the disk takes long", "iostat -x 1; see what else uses that disk"
        ),
        "clock_jumped": (
            "the clock is not where it should be after the time that has passed",
            "date; timedatectl; totpctl events --operation health. If the clock is right, wait: "
                + "it is believed after seven days, and until then nothing old is removed"
        ),
        "clock_unsynchronized": (
            "nothing keeps the clock right, and codes will be wrong",
            "timedatectl; let systemd-timesyncd or chrony set the clock"
        ),
        "clock_behind": (
            "the clock was set back, and somebody's codes are refused until it has caught up",
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
        "source_is_proxy": (
            "all codes of an app come from one private address, and count as one source",
            "have the web server behind the proxy take the client's address (X-Forwarded-For, "
                + "PROXY), and send that as source"
        ),
        "master_key_old": (
            "the keys of the store are wrapped by a key that is not the first of the key file",
            "totpctl rotate-key master"
        ),
        "event_unreadable": (
            "an old event cannot be read, and those behind it are kept beyond their time",
            "totpctl check; a disk that damages files should be replaced, see dmesg"
        ),
        "events_full": (
            "events take nearly all the room they may, and the oldest go before their time",
            "totpctl events; see keep_gib and keep_days in totpd.toml(5)"
        ),
        "readers_full": (
            "as many processes read the database as there are places, and no check, backup or "
                + "export can begin",
            "pgrep -a totpctl; end those that should not be there"
        ),
        "connections_full": (
            "an app has as many connections as it may, or all have together",
            "ss -xp | grep totpd; see connections_max in totpd.toml(5)"
        ),
        "configuration_refused": (
            "the last reload was refused, and what held before holds on",
            "totpd --check-config; mend what it says, and systemctl reload totpd"
        ),
        "check_problems": (
            "the newest check found problems", "totpctl check; restore a backup"
        ),
        "check_failed": (
            "the newest check could not be made", "journalctl -u totpd -n 50; totpctl check"
        ),
        "backup_failed": (
            "the newest backup was not made",
            "totpctl events --operation backup; make one that ends well"
        ),
        "export_failed": (
            "the newest export was not made, or lacks accounts that do not open",
            "totpctl events --operation export; totpctl check"
        ),
        "rotation_failed": (
            "the newest change of keys was not made",
            "journalctl -u totpd -n 50; totpctl rotate-key again"
        ),
    ]
}
