// `totpctl top`: what happens now, by app, drawn again every few seconds until it is interrupted.

import ArgumentParser
import Glibc
import Systemd

struct Top: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Show what happens now, by app.",
        discussion: """
            It draws anew every --interval seconds, until it is interrupted. Where standard output \
            is no terminal, it prints one look below the other.
            """)

    @Option(help: "Seconds between two looks, 1 to 60.")
    var interval = 2
    @Option(help: "End after so many looks.")
    var looks: Int?
    @OptionGroup var admin: AdminSocket

    func validate() throws {
        guard (1...60).contains(interval) else {
            throw ValidationError("--interval is 1 to 60")
        }
        guard looks ?? 1 > 0 else { throw ValidationError("--looks is 1 or more") }
        guard !admin.isJSON else {
            throw ValidationError("--json is for totpctl stats, whose numbers these are")
        }
    }

    func run() throws {
        try reporting {
            let client = try admin.connect()
            let isTerminal = isatty(STDOUT_FILENO) == 1
            var left = looks ?? .max
            var before = try client.ask(AdminQuery("stats")).read(StatsFrame.self)
            var begun = ContinuousClock.now
            while left > 0 {
                sleep(UInt32(interval))
                let after = try client.ask(AdminQuery("stats")).read(StatsFrame.self)
                let now = ContinuousClock.now
                let seconds = (now - begun) / .seconds(1)
                let view = TopView(before: before, after: after, seconds: seconds)
                let text = view.text(lines: isTerminal ? Self.terminalLines() : .max)
                // To the first column of the first line, over what was there.
                print(isTerminal ? "\u{1b}[H\u{1b}[2J\(text)" : text + "\n")
                try StandardOutput.finish()
                (before, begun) = (after, now)
                left -= 1
            }
        }
    }

    private static func terminalLines() -> Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
        return Int(size.ws_row)
    }
}
