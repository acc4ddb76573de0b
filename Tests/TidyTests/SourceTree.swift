// The project on disk: the only place among these tests that reads files. It never follows a
// symbolic link and never looks into what the build or git keeps.

import Foundation

enum SourceTree {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let topLevel: [String] = names(in: root)

    /// Every text file of the project, in order of its path.
    static let files: [SourceFile] = paths(under: "").compactMap { path in
        guard let bytes = FileManager.default.contents(atPath: root.path + "/" + path) else {
            unreadable(path)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return SourceFile(path, text)
    }

    static let manifest: Manifest = {
        guard let file = files.first(where: \.isManifest) else { unreadable("Package.swift") }
        return Manifest(file.lines.joined(separator: "\n"))
    }()

    /// What the build, git and `totpd --dev` leave beside the project.
    static func isKeptOut(_ name: String) -> Bool {
        name == ".git" || name.hasPrefix(".build") || name == ".totpd" || name == "Package.resolved"
    }

    private static func paths(under folder: String) -> [String] {
        names(in: root.appending(path: folder)).sorted().flatMap { name -> [String] in
            if folder.isEmpty, isKeptOut(name) { return [] }
            let path = folder.isEmpty ? name : folder + "/" + name
            return isFolder(path) ? paths(under: path) : [path]
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(
            atPath: root.path + "/" + path, isDirectory: &isFolder)
        return exists && isFolder.boolValue
    }

    private static func names(in folder: URL) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path)
        } catch {
            unreadable(folder.path)
        }
    }

    /// Tests that cannot see the tree must not pass.
    private static func unreadable(_ path: String) -> Never {
        preconditionFailure("cannot read \(path), so the house rules cannot be checked")
    }
}
