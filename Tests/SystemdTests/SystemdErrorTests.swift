// What people read when a conversation with systemd fails, in every language of the machine.

import Foundation
import Testing

@testable import Systemd

@Suite struct SystemdErrorTests {
    @Test(
        "every error says what failed, in our way of writing",
        arguments: [
            (
                SystemdError.callFailed(call: "socket", code: EMFILE),
                "socket failed: Too many open files (errno 24)"
            ),
            (
                .variableMissing(name: "LISTEN_PID"),
                "the environment has no LISTEN_PID, though its companion is set"
            ),
            (
                .variableMalformed(name: "LISTEN_FDS", value: "two\n"),
                "the environment has a malformed LISTEN_FDS: \"two\\n\""
            ),
            (
                .listenersOfAnotherProcess(theirs: 8, ours: 7),
                "LISTEN_PID names process 8, this is 7: start it without a wrapper"
            ),
            (
                .listenerNamesUneven(names: 1, descriptors: 2),
                "LISTEN_FDNAMES has 1 names for 2 descriptors"
            ),
            (
                .listenerUnfit(name: "totpd", descriptor: 3, reason: "it does not listen"),
                "the socket \"totpd\" (descriptor 3) is unfit: it does not listen"
            ),
            (
                .stateTooLong(bytes: 5_000),
                "a notification has 5000 bytes, systemd takes 4096"
            ),
            (
                .credentialNameUnfit(name: "../shadow"),
                "a credential cannot be called \"../shadow\""
            ),
        ])
    func words(error: SystemdError, words: String) {
        #expect("\(error)" == words)
    }

    @Test("a value that goes on and on is cut")
    func cut() {
        let value = String(repeating: "x", count: 5_000)
        let words = "\(SystemdError.variableMalformed(name: "NOTIFY_SOCKET", value: value))"
        #expect(words.hasSuffix("x [cut]\""))
        #expect(words.utf8.count < 200)
    }
}
