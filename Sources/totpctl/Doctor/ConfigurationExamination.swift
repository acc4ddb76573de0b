// Whether the daemon would take the configuration.

import Configuration
import Glibc

enum ConfigurationExamination {
    /// Reads it as the daemon does at its next start or reload.
    static func findings(_ path: String) -> [Finding] {
        let what = "configuration \(path)"
        var info = stat()
        guard stat(path, &info) == 0 || errno != ENOENT else {
            return [.good(what, "the file does not exist, so the defaults hold")]
        }
        do throws(ConfigurationFileFault) {
            let file = ConfigurationFile(path: path, isOptional: true)
            let apps = try file.read().apps.keys.map(\.description).sorted()
            let named = apps.isEmpty ? "it names no app" : "apps: \(apps.joined(separator: ", "))"
            return [.good(what, "it is valid; \(named)")]
        } catch {
            return error.sentences.map { sentence in
                .bad(
                    what, sentence,
                    advice: "fix it; totpd --check-config && systemctl reload totpd")
            }
        }
    }
}
