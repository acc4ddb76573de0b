// Shows that codes and base32 are those of another implementation, OATH Toolkit's oathtool.

import Foundation
import Secrets
import SeededRandom
import Testing

@testable import OneTimeCodes

@Suite struct OathtoolTests {
    struct MissingTool: Error, CustomStringConvertible {
        let description =
            "oathtool is not in PATH; hint: apt-get install oathtool (the Debian package oathtool)"
    }

    @Test func randomCodesAgree() throws {
        let tool = try tool()
        var generator = SeededGenerator.announced()
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 16...80, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let secret = SecretBytes(bytes)
            let algorithm = CodeAlgorithm.allCases.randomElement(using: &generator) ?? .sha1
            let digits = Int.random(in: 6...8, using: &generator)
            let period = Int.random(in: 15...60, using: &generator)
            let time = Int64.random(in: 0...20_000_000_000, using: &generator)
            let parameters = try #require(
                CodeParameters(algorithm: algorithm, digits: digits, period: period))

            let text = Base32.encode(secret)
            let expected = try run(
                tool,
                [
                    "--totp=\(algorithm.name)", "--base32", "--digits=\(digits)",
                    "--time-step-size=\(period)s", "--now=@\(time)", text,
                ])
            let step = TOTP.step(at: time, period: period)
            let code = TOTP.code(secret: secret, step: step, parameters: parameters)
            #expect(code.text == expected, "\(text) at \(time): \(parameters)")
            #expect(Base32.decode(text) == secret)
        }
    }

    private func tool() throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let candidates = path.split(separator: ":").map { "\($0)/oathtool" }
        let tool = candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let tool else { throw MissingTool() }
        return tool
    }

    /// What the tool prints on standard output, without the end of the line.
    private func run(_ tool: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments)")
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
