// `totpctl doctor` at the sockets of apps: the one for all apps, and those of single apps. systemd
// may listen while nobody answers, so it sends a request.

import FoundationEssentials
import TOTPClient

struct AppSocketExamination {
    /// The socket that all apps may have.
    let apps: String
    let admin: String

    /// Half of what a daemon takes that hangs: there may be many sockets.
    private static let patience = Duration.seconds(1)

    private struct Hello: Decodable {
        let app: String?
    }

    var findings: [Finding] {
        let others = ofSingleApps()
        var findings = [examined(apps, unit: "totpd.socket", app: nil)]
        for path in others {
            let app = Self.app(of: path)
            findings.append(examined(path, unit: "totpd-app@\(app).socket", app: app))
        }
        return findings
    }

    /// Sockets that lie beside the apps', and those that systemd should have made there.
    private func ofSingleApps() -> [String] {
        let directory = String(apps[..<(apps.lastIndex(of: "/") ?? apps.startIndex)])
        var paths: Set<String> = []
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: directory)
            paths = Set(names.filter { $0.hasSuffix(".sock") }.map { "\(directory)/\($0)" })
        } catch {
            // That there is no such directory is said of the apps' socket.
            return []
        }
        let known = ChildProgram([
            "systemctl", "list-units", "--all", "--plain", "--no-legend", "totpd-app@*.socket",
        ])
        for line in known?.text(atMost: Self.patience)?.split(separator: "\n") ?? [] {
            guard let unit = line.split(separator: " ").first, unit.hasPrefix("totpd-app@") else {
                continue
            }
            let app = unit.dropFirst("totpd-app@".count).dropLast(".socket".count)
            paths.insert("\(directory)/\(app).sock")
        }
        return paths.subtracting([apps, admin]).sorted()
    }

    private static func app(of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.dropLast(".sock".count))
    }

    /// - Parameter app: whom it must speak for; nil: for any.
    private func examined(_ path: String, unit: String, app: String?) -> Finding {
        let finding = SocketExamination(path: path, unit: unit).finding
        guard finding.isGood else { return finding }
        do {
            let client = try TOTPClient(connectingTo: path, timeout: Self.patience)
            let reply = try client.request(#"{"op":"hello"}"#)
            // A no is an answer too: nobody may have named this user.
            guard let app, reply.isYes else { return .good(finding.what, "totpd answers") }
            let spoken = try AdminAnswer(reply).read(Hello.self).app
            guard spoken == app else {
                return .bad(
                    finding.what, "it speaks for the app '\(spoken ?? "none")'",
                    advice: "FileDescriptorName=app.\(app) in \(unit)")
            }
            return .good(finding.what, "totpd answers, for the app '\(app)'")
        } catch {
            return .bad(
                finding.what, "systemd listens, but totpd does not answer (\(error))",
                advice: "systemctl restart totpd.service: it gets its sockets when it starts")
        }
    }
}
