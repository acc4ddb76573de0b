// Every example of protocol.md and every file of Tests/Dialogues, played at each depth. A text that
// cannot be read fails here; it is never passed over.

import Accounts
import Patience
import SeededRandom
import Testing
import Wire

/// One dialogue at one depth, as an argument of a test.
struct Performance: Sendable, CustomTestStringConvertible {
    let text: DialogueText
    let depth: Depth

    var testDescription: String { "\(text.name), \(depth)" }

    func play() throws {
        let dialogue = try DialogueParser.parse(text.text, firstLine: text.firstLine)
        let stage: any Stage
        switch depth {
        case .dispatcher: stage = try DispatcherStage()
        case .sockets: stage = try SocketStage()
        case .daemon: stage = try DaemonStage()
        }
        try Player.play(dialogue, on: stage)
    }

    /// What swift-testing asks for before it runs: a failure to read the texts is a test of its
    /// own.
    static func all(at depth: Depth) -> [Performance] {
        do {
            return try Texts.all()
                .filter { isMeant($0, for: depth) && !isPlayedDeeper($0, than: depth) }
                .map { Performance(text: $0, depth: depth) }
        } catch {
            Issue.record("the dialogues cannot be read: \(error)")
            return []
        }
    }
}

extension Performance {
    /// The daemon has the same server and the same store as the sockets of this process. Where it
    /// plays a text, only the long proof plays that one on those sockets, too.
    private static func isPlayedDeeper(_ text: DialogueText, than depth: Depth) -> Bool {
        depth == .sockets && !Rounds.isProof && isMeant(text, for: .daemon)
    }

    /// By its header. A text that cannot be read is meant for every depth, and fails there.
    private static func isMeant(_ text: DialogueText, for depth: Depth) -> Bool {
        do throws(DialogueFault) {
            return try DialogueParser.parse(text.text).depths.contains(depth)
        } catch {
            return true
        }
    }
}

@Suite("Dialogues")
struct DialogueTests {
    @Test("on the dispatcher", arguments: Performance.all(at: .dispatcher))
    func dispatcher(_ performance: Performance) throws { try performance.play() }

    @Test("on sockets", .waits, arguments: Performance.all(at: .sockets))
    func sockets(_ performance: Performance) throws { try performance.play() }

    @Test("on the daemon", .waits, arguments: Performance.all(at: .daemon))
    func daemon(_ performance: Performance) throws { try performance.play() }

    @Test("are there, in the protocol and in files")
    func found() throws {
        #expect(try Texts.inProtocol().count >= 14)
        #expect(try Texts.inFolder().count >= 20)
    }

    /// Refusals that take a full queue, a broken disk, a million keys, a slow reader or a line no
    /// text file should hold: these are met in ServerTests, StoreTests and DaemonTests.
    private static let unheard: Set<ErrorName> = [
        .busy, .unavailable, .tooManyKeys, .tooLong, .tooSlow,
    ]

    @Test("meet every operation and every refusal")
    func complete() throws {
        var texts = ""
        for text in try Texts.inFolder() { texts += text.text }
        for operation in OperationName.allCases {
            #expect(texts.contains(#""op":"\#(operation.rawValue)""#), "\(operation)")
        }
        for name in ErrorName.allCases where !Self.unheard.contains(name) {
            #expect(texts.contains(#""error":"\#(name.rawValue)""#), "\(name)")
        }
    }

    @Test("are in the protocol for each operation")
    func exemplary() throws {
        let texts = try Texts.inProtocol().map(\.text).joined()
        for operation in OperationName.allCases {
            #expect(texts.contains(#""op":"\#(operation.rawValue)""#), "\(operation)")
        }
    }
}
