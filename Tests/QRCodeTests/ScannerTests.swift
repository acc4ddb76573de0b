// Lets a scanner that is not ours read our drawings. A missing scanner is a failure.

import Foundation
import QRCode
import Testing

/// What a scanner must give back byte by byte; named by its length, as the longest fill a screen.
struct Sample: CustomTestStringConvertible {
    let text: String
    var testDescription: String { "\(text.utf8.count) bytes" }

    /// A short URI, a usual one, a long one, and the longest there can be.
    static let all = [
        "otpauth://totp/a?secret=MZXW6YTBOI",
        exampleURI,
        exampleURI + "&image=https%3A%2F%2Fexample.org%2F" + String(repeating: "logo", count: 60),
        "otpauth://totp/" + String(repeating: "b", count: QRCode.textBytesMax - 15),
    ].map(Sample.init)
}

@Suite struct ScannerTests {
    @Test("zbarimg reads the PNG", arguments: Sample.all)
    func png(sample: Sample) throws {
        try inTemporaryFolder { folder in
            let image = folder.appending(path: "code.png")
            try Data(QRCode(text: sample.text).png()).write(to: image)
            #expect(try scan(image) == sample.text)
        }
    }

    @Test("zbarimg reads the SVG that rsvg-convert rasterised", arguments: Sample.all)
    func svg(sample: Sample) throws {
        try inTemporaryFolder { folder in
            let drawing = folder.appending(path: "code.svg")
            let image = folder.appending(path: "code.png")
            try Data(QRCode(text: sample.text).svg().utf8).write(to: drawing)
            let arguments = ["--output", image.path, drawing.path]
            try run("rsvg-convert", arguments, package: "librsvg2-bin")
            #expect(try scan(image) == sample.text)
        }
    }

    @Test("zbarimg reads the letters of the terminal, drawn as their cells", arguments: Sample.all)
    func terminal(sample: Sample) throws {
        try inTemporaryFolder { folder in
            let image = folder.appending(path: "code.pbm")
            try Data(bitmap(of: try QRCode(text: sample.text).terminalText()).utf8).write(to: image)
            #expect(try scan(image) == sample.text)
        }
    }

    @Test("a picture without a code is not read")
    func nothing() throws {
        try inTemporaryFolder { folder in
            let image = folder.appending(path: "blank.pbm")
            try Data("P1\n8 8\n\(String(repeating: "0", count: 64))\n".utf8).write(to: image)
            #expect(throws: ToolFailure.self) { try scan(image) }
        }
    }

    @Test("a missing tool is a failure that names the Debian package")
    func missingTool() throws {
        let failure = #expect(throws: ToolFailure.self) {
            try run("no-such-scanner", [], package: "zbar-tools")
        }
        #expect(failure?.description == "no-such-scanner is missing: install zbar-tools")
    }
}

private struct ToolFailure: Error, CustomStringConvertible {
    let description: String
}

private func scan(_ image: URL) throws -> String {
    let options = ["--quiet", "--raw", "--nodbus", image.path]
    let output = try run("zbarimg", options, package: "zbar-tools")
    return output.hasSuffix("\n") ? String(output.dropLast()) : output
}

/// What the program printed; its failure is ours.
@discardableResult
private func run(_ name: String, _ arguments: [String], package: String) throws -> String {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
    let path = folders.split(separator: ":").map { "\($0)/\(name)" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let path else {
        throw ToolFailure(description: "\(name) is missing: install \(package)")
    }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw ToolFailure(description: "\(name) ended with status \(process.terminationStatus)")
    }
    return String(decoding: printed, as: UTF8.self)
}

private func inTemporaryFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "qr-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let result = Result { try body(folder) }
    try FileManager.default.removeItem(at: folder)
    try result.get()
}

/// A PBM picture of the cells, six pixels for a module, with the escape sequences taken out.
private func bitmap(of text: String) -> String {
    let lines = text.replacing(/\x1B\[[0-9;]*m/, with: "").split(separator: "\n")
    let rows = lines.flatMap { line in
        ["▀█", "▄█"].map { dark in
            line.map { String(repeating: dark.contains($0) ? "1" : "0", count: 6) }.joined()
        }
    }
    let pixels = rows.flatMap { Array(repeating: $0, count: 6) }
    return "P1\n\(pixels[0].count) \(pixels.count)\n\(pixels.joined(separator: "\n"))\n"
}
