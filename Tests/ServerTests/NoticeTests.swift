// What the host's log is told: everything an admin asks, every alert, and nothing of what apps ask
// all day.

import Accounts
import InlineWork
import OneTimeCodes
import Server
import Store
import Synchronization
import Testing
import Wire

import class StoreHarness.MemoryStore

@Suite struct NoticeTests {
    private let notices = Mutexed<[AdminNotice]>([])
    private let now = Mutexed(Instant(seconds: 1_767_225_600))
    private let store = MemoryStore()
    private let dispatcher: Dispatcher

    init() {
        let direct = InlineWork(store: store)
        dispatcher = Dispatcher(
            version: "test", store: store, queue: direct, slowWork: direct,
            clock: { [now] in now.value }, warn: { Issue.record("\($0)") },
            note: { [notices] notice in notices.set(notices.value + [notice]) })
    }

    private func ask(_ line: String, as caller: Caller) throws {
        let request = try Array(line.utf8).withUnsafeBytes { bytes in
            try Request.parse(bytes, from: caller)
        }
        dispatcher.dispatch(request, from: caller, Peer(uid: 7, pid: 8)) { _ in }
    }

    private func enrol() throws {
        try ask(#"{"op":"import","user":"ada","secret":"\#(usualSecret)"}"#, as: .admin)
        notices.set([])
    }

    private func wrongCode() throws -> String {
        let secret = try #require(Base32.decode(usualSecret))
        let step = TOTP.step(at: now.value.seconds, period: 30)
        let right = (-1...1).map {
            TOTP.code(secret: secret, step: step + $0, parameters: .standard).text
        }
        return try #require(["000000", "111111", "222222", "333333"].first { !right.contains($0) })
    }

    @Test("each thing that an admin asks is told, with what came of it")
    func admins() throws {
        let otherSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        let lines = [
            #"{"op":"import","app":"shop","user":"ada","secret":"\#(usualSecret)"}"#,
            #"{"op":"import","app":"shop","user":"ada","secret":"\#(otherSecret)"}"#,
            #"{"op":"reset","app":"shop","user":"ada","reason":"lost phone"}"#,
            #"{"op":"show","user":"ada"}"#,
        ]
        for line in lines { try ask(line, as: .admin) }
        let told = notices.value
        #expect(told.map(\.op) == [.import, .import, .reset, .show])
        #expect(told.map(\.result) == ["ok", "already_enrolled", "ok", "ok"])
        #expect(told.map { $0.app?.description } == ["shop", "shop", "shop", "default"])
        #expect(told.map(\.reason) == [nil, nil, "lost phone", nil])
        #expect(told.allSatisfy { $0.peer == Peer(uid: 7, pid: 8) && $0.alert == nil })
        let accounts = told.map(\.accountID)
        #expect(Set(accounts.prefix(3)).count == 1 && accounts[3] != accounts[0])
        #expect(accounts.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }

    @Test("of what apps ask, nothing is told")
    func apps() throws {
        try enrol()
        let code = try wrongCode()
        for line in [
            #"{"op":"hello"}"#, #"{"op":"status","user":"ada"}"#,
            #"{"op":"verify","user":"ada","code":"\#(code)"}"#,
            #"{"op":"enroll","user":"bob"}"#,
        ] {
            try ask(line, as: .app(.standard))
        }
        #expect(notices.value == [])
    }

    @Test("the failure that locks an account is an alert, and those after it are none")
    func alert() throws {
        try enrol()
        for _ in 0..<(100 + 3) {
            let line = #"{"op":"verify","user":"ada","code":"\#(try wrongCode())"}"#
            try ask(line, as: .app(.standard))
            // Past every wait.
            now.set(Instant(seconds: now.value.seconds + 3_601))
        }
        let told = notices.value
        #expect(told.last?.result == "locked" && told.last?.alert == .locked)
        #expect(told.last?.refusal == .wrongCode && told.last?.op == .verify)
        #expect(told.filter { $0.result == "locked" }.count == 1)
    }
}

extension AdminNotice {
    /// Empty for one that is about no account.
    fileprivate var accountID: String {
        if case .account(_, let id) = subject { return id }
        return ""
    }
}
