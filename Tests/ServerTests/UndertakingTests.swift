// Work that may fail once it has begun: what of it is in the trail, in the host's log and in
// `health`. Nothing may say that it was done before it was.

import Accounts
import Foundation
import InlineWork
import Server
import Store
import Testing
import Wire

import class StoreHarness.MemoryStore

@Suite struct UndertakingTests {
    private let notices = Mutexed<[AdminNotice]>([])
    private let faults = Mutexed<[String]>([])
    private let store = MemoryStore()
    private let dispatcher: Dispatcher

    init() {
        let direct = InlineWork(store: store)
        dispatcher = Dispatcher(
            version: "test", store: store, queue: direct, slowWork: direct,
            clock: { Instant(seconds: 1_767_225_600) }, warn: { [faults] in faults.add($0) },
            note: { [notices] in notices.set(notices.value + [$0]) })
    }

    private func ask(_ line: String) throws -> String {
        let request = try Array(line.utf8).withUnsafeBytes { bytes in
            try Request.parse(bytes, from: .admin)
        }
        let replies = Mutexed<[String]>([])
        dispatcher.dispatch(request, from: .admin, Peer(uid: 7, pid: 8)) {
            replies.add(String(decoding: $0.line(id: nil), as: UTF8.self))
        }
        return try #require(replies.value.count == 1 ? replies.value.first : nil)
    }

    private func results() throws -> [String] {
        try store.events().map { "\($0.label.op) \($0.result)" }
    }

    @Test("a backup that was not made is nowhere said to be")
    func backup() throws {
        let reply = try ask(#"{"op":"backup","path":"/copy-of-totpd","reason":"nightly"}"#)
        #expect(reply.contains(#""error":"unavailable""#))
        #expect(try results() == ["backup begun", "backup unavailable"])
        #expect(notices.value.map(\.result) == ["begun", "unavailable"])
        #expect(notices.value.map(\.isUrgent) == [false, true])
        #expect(notices.value.allSatisfy { $0.reason == "nightly" })
        #expect(try ask(#"{"op":"health"}"#).contains("backup_failed"))
        #expect(faults.value.count == 1)
    }

    @Test("a place that is not there is told in words, and is a failure in the trail")
    func nowhere() throws {
        let reply = try ask(#"{"op":"backup","path":"/no-such-place/copy"}"#)
        #expect(reply.contains(#""field":"path""#) && reply.contains("is not there"), "\(reply)")
        #expect(try results() == ["backup begun", "backup bad_request"])
    }

    @Test("an export ends well, and takes the failure before it back", arguments: [false, true])
    func export(_ isFirstRefused: Bool) throws {
        // $TMPDIR may end in a slash.
        let place = try ProcessWide.temporaryDirectory().replacing("//", with: "/")
        defer { unlink("\(place)/list"); unlink("\(place)/list.hmac"); rmdir(place) }
        let passphrase = #""passphrase":"correct horse battery staple""#
        if isFirstRefused {
            _ = try ask(#"{"op":"export","path":"\#(place)/none/list",\#(passphrase)}"#)
            #expect(try ask(#"{"op":"health"}"#).contains("export_failed"))
        }
        #expect(
            try ask(#"{"op":"export","path":"\#(place)/list",\#(passphrase)}"#).contains("true"))
        #expect(try results().suffix(2) == ["export begun", "export ok"])
        #expect(try !ask(#"{"op":"health"}"#).contains("export_failed"))
    }

    @Test("a request that is refused for its fields has not begun")
    func fields() throws {
        _ = try ask(#"{"op":"backup","path":"copy"}"#)
        _ = try ask(#"{"op":"export","path":"/tmp/../x","passphrase":"twelve bytes"}"#)
        #expect(try results() == [])
        #expect(notices.value.isEmpty)
    }

    @Test("a master key is changed, and that is two events")
    func master() throws {
        _ = try ask(#"{"op":"rotate_key","key":"master"}"#)
        #expect(try results() == ["rotate_key begun", "rotate_key ok"])
    }
}
