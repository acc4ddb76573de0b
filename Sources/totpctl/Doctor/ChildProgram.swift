// Another program of the host, whose output is read here: systemctl, systemd-creds. It is run
// without a shell and has a time limit.

import FoundationEssentials
import Glibc

/// One that has started. It is ended when nobody needs it any more.
final class ChildProgram {
    private let id: pid_t
    /// What it prints; whoever reads it closes nothing.
    let output: Int32
    private var isReaped = false

    /// Nil when there is no such program here. Its complaints go nowhere: its status says enough.
    init?(_ words: [String]) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        // Nothing else starts programs here, so nobody inherits them before this.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let variables = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var child: pid_t = 0
        let status = posix_spawnp(&child, words[0], &actions, nil, &arguments, &environment)
        close(ends[1])
        guard status == 0 else {
            close(ends[0])
            return nil
        }
        (id, output) = (child, ends[0])
    }

    deinit {
        close(output)
        if !isReaped {
            kill(id, SIGKILL)
            var status: Int32 = 0
            waitpid(id, &status, 0)
        }
    }

    /// All that it prints; nil when it is not done in time, or ends badly. A megabyte at most.
    func text(atMost time: Duration) -> String? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let end = ContinuousClock.now + time
        while bytes.count < 1 << 20 {
            guard isReadable(until: end) else { return nil }
            let count = read(output, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return hasEndedWell() ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += chunk[..<count]
        }
        return nil
    }

    /// Whether it prints something, or closes, by then.
    func isReadable(until end: ContinuousClock.Instant) -> Bool {
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return false }
            var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let (seconds, attoseconds) = left.components
            let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
            let status = poll(&entry, 1, Int32(clamping: milliseconds))
            if status > 0 { return true }
            guard status < 0 && errno == EINTR || status == 0 else { return false }
        }
    }

    /// Waits for its end, once it has closed its output.
    func hasEndedWell() -> Bool {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { return false }
        }
        isReaped = true
        return status == 0
    }
}
