// LMDB is opened as safely as it can be: the flags are asked of LMDB itself, and the memory map is
// not one that is written through.

import Foundation
import Scratch
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A store's durability")
struct DurabilityTests {
    /// Flags that would trade it for speed (lmdb.h, "Environment Flags").
    private static let forbidden: [(String, UInt32)] = [
        ("MDB_NOSYNC", 0x10000), ("MDB_NOMETASYNC", 0x40000), ("MDB_WRITEMAP", 0x80000),
        ("MDB_MAPASYNC", 0x100000), ("MDB_NOLOCK", 0x400000),
    ]
    private static let noThreadLocalReaders: UInt32 = 0x200000

    /// What LMDB says of an environment. LMDBStore alone may import it, so it is found by name.
    private func flags(_ environment: LMDBEnvironment) throws -> UInt32 {
        typealias GetFlags = @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt32>) -> Int32
        let symbol = try #require(dlsym(nil, "mdb_env_get_flags"))
        let getFlags = unsafeBitCast(symbol, to: GetFlags.self)
        let children = Mirror(reflecting: environment).children
        let pointer = try #require(children.compactMap { $0.value as? OpaquePointer }.first)
        var flags: UInt32 = 0
        try #require(getFlags(pointer, &flags) == 0)
        return flags
    }

    @Test("is not traded for speed")
    func opened() throws {
        let directory = try TemporaryDirectory()
        let environment = try LMDBEnvironment(
            path: directory.path, mapBytes: Subject.mapBytes, isReadOnly: false)
        defer { environment.close() }
        let flags = try flags(environment)
        for (name, flag) in Self.forbidden { #expect(flags & flag == 0, "\(name)") }
        // The look itself works: this one is set.
        #expect(flags & Self.noThreadLocalReaders != 0)
    }

    @Test("is not traded for speed by the store itself")
    func store() throws {
        let subject = try Subject(.lmdb)
        defer { subject.close() }
        let environment = try #require(
            Mirror(reflecting: subject.store).children
                .compactMap { $0.value as? LMDBEnvironment }.first)
        let flags = try flags(environment)
        for (name, flag) in Self.forbidden { #expect(flags & flag == 0, "\(name)") }
    }

    @Test("does not rest on a map that is written to")
    func map() throws {
        let subject = try Subject(.lmdb)
        defer { subject.close() }
        try subject.ask(Person("ada").enroll())
        let lines = try maps().filter { $0.hasSuffix(subject.path + "/data.mdb") }
        #expect(!lines.isEmpty)
        #expect(lines.allSatisfy { $0.contains(" r--s ") }, "\(lines)")
    }

    /// The kernel gives a page at a time, so a short read is not the end.
    private func maps() throws -> [Substring] {
        let file = try #require(fopen("/proc/self/maps", "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let byte = getc(file)
            guard byte != EOF else { break }
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}
