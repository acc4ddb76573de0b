// libpq is declared as its own header has it, is looked for at run time, and is no part of a
// program.

import DaemonHarness
import Foundation
import Scratch
import Testing

@testable import PostgresStore

@Suite("libpq")
struct LibraryTests {
    private static let shim = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/CPostgres/shim.h").standardizedFileURL.path

    /// What GCC says of a text that sees the shim, behind the header itself.
    private static func compile(_ text: String) throws -> String {
        let directory = try TemporaryDirectory()
        let path = directory.path(of: "compare.c")
        let includes = "#include <postgresql/libpq-fe.h>\n#include \"\(shim)\"\n"
        try (includes + text).write(toFile: path, atomically: true, encoding: .utf8)
        let compiler = try Child(
            try Program.tool("gcc", package: "gcc"),
            ["-fsyntax-only", "-D_Nonnull=", "-D_Nullable=", path],
            environment: Program.environment())
        return try compiler.wait() == .exited(0) ? "" : compiler.complaints
    }

    private static func comparison(_ function: String) -> String {
        "_Static_assert(__builtin_types_compatible_p("
            + "__typeof__(&\(function)), __typeof__(((struct libpq *)0)->\(function))),"
            + " \"\(function)\");\n"
    }

    @Test("is declared as its header has it")
    func declarations() throws {
        let functions = try String(contentsOfFile: Self.shim, encoding: .utf8)
            .matches(of: /\(\*_Nonnull (PQ[A-Za-z]+)\)/).map { String($0.output.1) }
        #expect(functions.count == 26)
        let constants = [
            ("libpq_polling_reading", "PGRES_POLLING_READING"),
            ("libpq_polling_writing", "PGRES_POLLING_WRITING"),
            ("libpq_polling_ok", "PGRES_POLLING_OK"), ("libpq_command_ok", "PGRES_COMMAND_OK"),
            ("libpq_tuples_ok", "PGRES_TUPLES_OK"), ("libpq_fatal_error", "PGRES_FATAL_ERROR"),
            ("libpq_pipeline_sync", "PGRES_PIPELINE_SYNC"),
            ("libpq_pipeline_aborted", "PGRES_PIPELINE_ABORTED"),
            ("libpq_sqlstate", "PG_DIAG_SQLSTATE"),
            ("libpq_message_primary", "PG_DIAG_MESSAGE_PRIMARY"),
        ].map { "_Static_assert((int)\($0) == (int)\($1), \"\($0)\");\n" }
        let fields = [("keyword", "keyword"), ("value", "val"), ("size", "dispsize")].map {
            "_Static_assert(offsetof(struct libpq_option, \($0)) == "
                + "offsetof(PQconninfoOption, \($1)), \"\($0)\");\n"
        }
        let size =
            "_Static_assert(sizeof(struct libpq_option) == sizeof(PQconninfoOption), \"size\");\n"
        let comparisons = functions.map(Self.comparison) + constants + fields + [size]
        #expect(try Self.compile(comparisons.joined()) == "")
        // The comparison tells a difference.
        let wrong =
            "_Static_assert(__builtin_types_compatible_p("
            + "__typeof__(&PQsocket), __typeof__(((struct libpq *)0)->PQclear)), \"differs\");\n"
        #expect(try Self.compile(wrong).contains("differs"))
    }

    @Test("is named when it is missing, or too old")
    func missing() throws {
        guard case .failure(let absent) = Library.find("libpq.so.none") else {
            Issue.record("a library that is nowhere was found")
            return
        }
        #expect(absent == .noLibrary("libpq.so.none is not there: install libpq5"))
        guard case .failure(let other) = Library.find("libz.so.1") else {
            Issue.record("libz has libpq's functions")
            return
        }
        #expect("\(other)".hasPrefix("libz.so.1 has no PQconnectStartParams: "))
    }

    @Test("is no part of a program that uses it")
    func notLinked() throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let ours = try Child(
            try Program.tool("readelf", package: "binutils"), ["-d", "-W", own],
            environment: Program.environment())
        try ours.wait()
        // It is looked at, and what it does link is there.
        #expect(ours.printed.contains("libcrypto"))
        #expect(!ours.printed.contains("libpq"))
    }
}
