// Reads each drawing back, by other means than it was made, and compares it with the matrix. It
// shares no code with the drawings: a shared mistake would pass.

import CZlib
import Foundation
import Testing

@testable import QRCode

/// Dark modules line by line, quiet zone included.
private typealias Picture = [[Bool]]

@Suite struct DrawingTests {
    private let code: QRCode

    init() throws { code = try QRCode(text: exampleURI) }

    @Test("the SVG's runs are the matrix, each as long as can be")
    func svgBoxes() throws {
        let size = code.side + 8
        var picture = Picture(repeating: Array(repeating: false, count: size), count: size)
        for run in try svgRuns(of: code.svg()) {
            #expect(!picture[run.y][run.x - 1], "a run touches the one before it")
            for x in run.x..<run.x + run.length {
                #expect(!picture[run.y][x], "two runs overlap")
                picture[run.y][x] = true
            }
        }
        #expect(picture == expected(size: size))
    }

    @Test("the SVG is one element that can stand in HTML and says nothing of the text")
    func svgFrame() {
        let svg = code.svg()
        let size = code.side + 8
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" "))
        #expect(svg.hasSuffix("\"/></svg>"))
        #expect(!svg.contains("\n"))
        #expect(svg.contains(" viewBox=\"0 0 \(size) \(size)\""))
        #expect(svg.contains(" width=\"\(size * 8)\" height=\"\(size * 8)\""))
        #expect(svg.contains(" shape-rendering=\"crispEdges\""))
        #expect(svg.contains(" role=\"img\""))
        #expect(svg.contains(" aria-label=\"QR code to scan with an authenticator app\""))
        #expect(svg.contains("<rect width=\"\(size)\" height=\"\(size)\" fill=\"#fff\"/>"))
        #expect(!svg.contains("JBSWY3DP"))
        #expect(!svg.contains("style"))
    }

    @Test("the PNG's header, chunks and checksums are those of the standard")
    func pngFrame() throws {
        let file = try code.png()
        let pixels = (code.side + 8) * 8
        let chunks = try pngChunks(of: file)
        #expect(chunks.map(\.name) == ["IHDR", "IDAT", "IEND"])
        let length = [UInt8(pixels >> 8), UInt8(pixels & 255)]
        #expect(chunks[0].content == [0, 0] + length + [0, 0] + length + [1, 0, 0, 0, 0])
        #expect(chunks[2].content.isEmpty)
    }

    @Test("the PNG's pixels are the matrix, eight by eight for a module")
    func pngPixels() throws {
        let size = code.side + 8
        let lines = try pngLines(of: try code.png(), size: size)
        let wanted = expected(size: size)
        for (y, line) in lines.enumerated() {
            let isDark = (0..<size * 8).map { x in line[x / 8] & (128 >> UInt8(x % 8)) == 0 }
            let modules = wanted[y / 8].flatMap { Array(repeating: $0, count: 8) }
            #expect(isDark == modules)
        }
    }

    @Test("a PNG with one wrong bit is noticed by these tests")
    func pngDamaged() throws {
        var file = try code.png()
        file[file.count - 20] ^= 1
        #expect(throws: Unreadable.self) { try pngChunks(of: file) }
    }

    @Test("the terminal's letters are the matrix, black on white in every line")
    func terminal() throws {
        let lines = code.terminalText().split(separator: "\n", omittingEmptySubsequences: false)
        let size = code.side + 8
        #expect(lines.count == (size + 1) / 2)

        var picture = Picture()
        for line in lines {
            let start = "\u{1B}[38;5;16;48;5;231m"
            let end = "\u{1B}[0m"
            try #require(line.hasPrefix(start) && line.hasSuffix(end))
            let letters = line.dropFirst(start.count).dropLast(end.count)
            #expect(letters.allSatisfy { "▀▄█ ".contains($0) })
            picture.append(letters.map { "▀█".contains($0) })
            picture.append(letters.map { "▄█".contains($0) })
        }
        #expect(picture.removeLast() == Array(repeating: false, count: size))
        #expect(picture == expected(size: size))
    }

    @Test("331 bytes still fit into 80 columns, one more does not")
    func terminalWidth() throws {
        #expect(try QRCode(text: String(repeating: "a", count: 331)).side + 8 <= 80)
        #expect(try QRCode(text: String(repeating: "a", count: 332)).side + 8 > 80)
    }

    private func expected(size: Int) -> Picture {
        (0..<size).map { y in (0..<size).map { x in code.isDark(row: y - 4, column: x - 4) } }
    }
}

private struct Unreadable: Error {
    let reason: String
}

/// The path's boxes; anything but `M x y h n v1 h-n z` with equal lengths is unreadable.
private func svgRuns(of svg: String) throws -> [(x: Int, y: Int, length: Int)] {
    let box = /M([0-9]+) ([0-9]+)h([0-9]+)v1h-([0-9]+)z/
    let parts = svg.components(separatedBy: "<path fill=\"#000\" d=\"")
    guard parts.count == 2, let path = parts[1].split(separator: "\"").first else {
        throw Unreadable(reason: "the SVG has not one path")
    }
    guard path.replacing(box, with: "").isEmpty else {
        throw Unreadable(reason: "the path has more than boxes")
    }
    return try path.matches(of: box).map { match in
        guard let x = Int(match.1), let y = Int(match.2), let length = Int(match.3),
            match.3 == match.4
        else { throw Unreadable(reason: "the box \(match.0) is none") }
        return (x, y, length)
    }
}

private func pngChunks(of file: [UInt8]) throws -> [(name: String, content: [UInt8])] {
    guard file.starts(with: [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]) else {
        throw Unreadable(reason: "the file has no PNG signature")
    }
    func number(at offset: Int) -> Int { file[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }

    var chunks: [(name: String, content: [UInt8])] = []
    var offset = 8
    while offset < file.count {
        let end = offset + 8 + number(at: offset)
        guard end + 4 <= file.count else { throw Unreadable(reason: "a chunk is cut short") }
        let checked = Array(file[offset + 4..<end])
        guard crc32(0, checked, uInt(checked.count)) == uLong(number(at: end)) else {
            throw Unreadable(reason: "a checksum is wrong")
        }
        let name = String(decoding: checked.prefix(4), as: UTF8.self)
        chunks.append((name, Array(checked.dropFirst(4))))
        offset = end + 4
    }
    return chunks
}

/// Unpacked lines of pixels without their filter bytes, which must be 0.
private func pngLines(of file: [UInt8], size: Int) throws -> [[UInt8]] {
    let packed = try pngChunks(of: file).filter { $0.name == "IDAT" }.flatMap(\.content)
    // One byte too many, so that too long an image does not pass.
    var image = [UInt8](repeating: 0, count: size * 8 * (size + 1) + 1)
    var count = uLongf(image.count)
    guard uncompress(&image, &count, packed, uLong(packed.count)) == Z_OK else {
        throw Unreadable(reason: "zlib does not unpack the image")
    }
    guard Int(count) == image.count - 1 else { throw Unreadable(reason: "the image's size") }
    return try (0..<size * 8).map { line in
        let start = line * (size + 1)
        guard image[start] == 0 else { throw Unreadable(reason: "a line has a filter") }
        return Array(image[start + 1..<start + 1 + size])
    }
}
