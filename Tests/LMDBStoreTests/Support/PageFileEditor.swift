// Changes pages of a store's file where they lie, as a failing disk would.

import Foundation
import Testing

struct PageFileEditor {
    private let handle: FileHandle

    init(_ path: String) throws {
        handle = try FileHandle(forUpdating: URL(filePath: path + "/data.mdb"))
    }

    private func read(_ page: UInt64, _ offset: Int, _ count: Int) throws -> [UInt8] {
        try handle.seek(toOffset: page * 4096 + UInt64(offset))
        return Array(try #require(try handle.read(upToCount: count)))
    }

    private func number(_ page: UInt64, _ offset: Int) throws -> Int {
        let bytes = try read(page, offset, 2)
        return Int(bytes[0]) | Int(bytes[1]) << 8
    }

    func change(_ page: UInt64, _ offset: Int, _ change: (UInt8) -> UInt8) throws {
        let old = try read(page, offset, 1)[0]
        try handle.seek(toOffset: page * 4096 + UInt64(offset))
        try handle.write(contentsOf: Data([change(old)]))
    }

    func byte(_ page: UInt64, _ offset: Int) throws -> UInt8 { try read(page, offset, 1)[0] }

    /// How many nodes a page has.
    func count(_ page: UInt64) throws -> Int { try (number(page, 12) - 16) / 2 }

    func node(_ page: UInt64, _ place: Int) throws -> Int { try number(page, 16 + 2 * place) }

    func child(_ page: UInt64, _ place: Int) throws -> UInt64 {
        let bytes = try read(page, node(page, place), 4)
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func setChild(_ page: UInt64, _ place: Int, to child: UInt64) throws {
        for byte in 0..<4 {
            try change(page, node(page, place) + byte) { _ in
                UInt8(truncatingIfNeeded: child >> (8 * UInt64(byte)))
            }
        }
    }

    /// Writes the same byte all over a page.
    func fill(_ page: UInt64, with byte: UInt8) throws {
        try handle.seek(toOffset: page * 4096)
        try handle.write(contentsOf: Data(repeating: byte, count: 4096))
    }
}
