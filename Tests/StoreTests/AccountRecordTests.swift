// The two records of an account as bytes: what goes in comes out, and bytes that are damaged are
// read as damaged or as something else, but never past their end and never with a crash.

import Accounts
import OneTimeCodes
import Secrets
import StoreHarness
import Testing

@testable import Store

@Suite("An account's records")
struct AccountRecordTests {
    @Test("come back as they were", arguments: try RecordShape.all())
    func roundTrip(_ shape: RecordShape) throws {
        let account = shape.account
        var read = Account(account.name)
        if account.hasFactorRecord {
            let bytes = AccountRecord.encodeFactor(account).bytes
            try bytes.withBytes { try AccountRecord.decodeFactor($0, into: &read) }
            let nameless = try bytes.withBytes { try AccountRecord.decodeFactor($0) }
            #expect(nameless == read)
        }
        let state = try #require(AccountRecord.encodeGuard(account)).bytes
        let decoded = try state.withBytes { try AccountRecord.decodeGuard($0) }
        #expect(decoded.hasFactorRecord == account.hasFactorRecord)
        read.guard = decoded.0
        #expect(read == account)
    }

    @Test("are not there for an account that has nothing to keep")
    func nothing() throws {
        let account = Account(try Person("ada").name)
        #expect(!account.hasFactorRecord)
        #expect(AccountRecord.encodeGuard(account) == nil)
    }

    @Test("fit into what their writers reserve", arguments: try RecordShape.all())
    func reserved(_ shape: RecordShape) throws {
        // A writer that grows has one more copy of the secret to wipe.
        let writer = AccountRecord.encodeFactor(shape.account)
        #expect(!writer.hasGrown)
        try #expect(!AccountRecord.encodeFactor(RecordShape.devices(20)).hasGrown)
    }

    @Test("are malformed with a guard of other authenticators, or with what cannot be")
    func otherAuthenticators() throws {
        let several = try #require(
            try RecordShape.all().first { !$0.account.others.isEmpty }?.account)
        for others in [[], Array(several.guard.others.dropLast())] {
            let state = several.with(others: others)
            #expect(throws: RecordFault.incomplete) {
                var account = several
                try account.take(state)
            }
        }
        var account = several
        try account.take(several.guard)
        #expect(account == several)

        func expectMalformed(_ change: (inout Account) -> Void) throws {
            var wrong = several
            change(&wrong)
            let factor = Plain(kind: .factor, bytes: AccountRecord.encodeFactor(wrong).bytes)
            #expect(factor.fault(of: factor.bytes) == .malformed)
        }
        try expectMalformed { $0.others[0] = $0.others[1] }
        try expectMalformed { $0.others.append($0.others[0]) }
        try expectMalformed { $0.factor = nil }
        try expectMalformed {
            $0.others = []
            $0.factor = nil
        }
    }

    @Test("do not open under another name")
    func otherName() throws {
        let ada = try RecordShape.active()
        let bytes = AccountRecord.encodeFactor(ada).bytes
        for user in ["Active", "active ", "activ"] {
            let name = try #require(AccountName(app: ada.name.app, user: user))
            var other = Account(name)
            #expect(throws: RecordFault.malformed) {
                try bytes.withBytes { bytes throws(RecordFault) in
                    try AccountRecord.decodeFactor(bytes, into: &other)
                }
            }
            #expect(other == Account(name))
        }
    }

    @Test("are malformed when cut short or too long", arguments: try RecordShape.all())
    func truncated(_ shape: RecordShape) throws {
        for record in try Plain.records(of: shape.account) {
            for count in 0..<record.bytes.count {
                #expect(record.fault(of: Array(record.bytes.prefix(count))) == .malformed)
            }
            #expect(record.fault(of: record.bytes) == nil)
            #expect(record.fault(of: record.bytes + [0]) == .malformed)
        }
    }

    @Test("never crash a reader with a bit flipped", arguments: try RecordShape.all())
    func flipped(_ shape: RecordShape) throws {
        for record in try Plain.records(of: shape.account) {
            var unseen = 0
            for bit in 0..<(8 * record.bytes.count) {
                var bytes = record.bytes
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                guard record.fault(of: bytes) == nil else { continue }
                unseen += 1
                // What still reads says something else: none of its bits lacks a meaning.
                try #expect(record.again(bytes) == bytes, "bit \(bit)")
            }
            // The flags, the counts and the lengths, at least, were noticed.
            #expect(unseen < 8 * record.bytes.count)
        }
    }
}

extension Account {
    fileprivate func with(others: [UsedSteps]) -> Guard {
        var state = self.guard
        state.others = others
        return state
    }
}

/// One plain record, with its reader behind one name.
struct Plain: Sendable {
    enum Kind: String, Sendable {
        case factor
        case `guard`
        case event
    }

    let kind: Kind
    let bytes: [UInt8]
    var version = AccountRecord.version

    static func records(of account: Account) throws -> [Plain] {
        let state = try #require(AccountRecord.encodeGuard(account)).bytes
        guard account.hasFactorRecord else { return [Plain(kind: .guard, bytes: state)] }
        let factor = AccountRecord.encodeFactor(account).bytes
        return [Plain(kind: .factor, bytes: factor), Plain(kind: .guard, bytes: state)]
    }

    func fault(of bytes: [UInt8]) -> RecordFault? {
        do {
            _ = try again(bytes)
            return nil
        } catch let fault as RecordFault {
            return fault
        } catch {
            preconditionFailure("readers throw record faults, not \(type(of: error))")
        }
    }

    /// Reads the bytes and writes what they said.
    func again(_ bytes: [UInt8]) throws -> [UInt8] {
        switch kind {
        case .factor:
            let account = try bytes.withBytes {
                try AccountRecord.decodeFactor($0, version: version)
            }
            return AccountRecord.encodeFactor(account).bytes
        case .guard:
            return try writtenGuard(bytes)
        case .event:
            return try EventBlock(bytes).bytes
        }
    }

    private func writtenGuard(_ bytes: [UInt8]) throws -> [UInt8] {
        let (state, hasFactorRecord) = try bytes.withBytes {
            try AccountRecord.decodeGuard($0, version: version)
        }
        return AccountRecord.encode(state, hasFactorRecord: hasFactorRecord).bytes
    }
}
