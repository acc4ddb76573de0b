// Ways to damage one account's records on the disk, each with what the engine must call it.

import Store
import Testing

@testable import LMDBStore

struct RecordDamage: Sendable, CustomTestStringConvertible {
    /// A closed store, whose account it is about, and one that must not suffer.
    struct Scene {
        let inside: Inside
        let victim: [UInt8]
        let bystander: [UInt8]
    }

    let testDescription: String
    /// The record fault that the account gets.
    let fault: String
    let inflict: @Sendable (Scene) throws -> Void

    init(
        _ description: String, _ fault: String,
        _ inflict: @escaping @Sendable (Scene) throws -> Void
    ) {
        testDescription = description
        self.fault = fault
        self.inflict = inflict
    }

    static let all = [Table.factors, .guards].flatMap { bits(in: $0) + cuts(in: $0) } + moves

    /// Bits of the version, the key's id, the nonce, the cipher text and, from the end, the tag.
    private static func bits(in table: Table) -> [RecordDamage] {
        let version = (0..<8).map { bit in
            let said = AccountRecord.pairVersion ^ 1 << UInt8(bit)
            let isKnown = AccountRecord.sealedVersions.contains(said)
            let fault = isKnown ? "doesNotOpen" : "unknownFormat(\(said))"
            return RecordDamage("\(table.name), called version \(said)", fault) {
                try $0.inside.flip(bit: bit, table, $0.victim)
            }
        }
        let others = [8, 39, 40, 231, 232, 333, -129, -128, -1].map { bit in
            RecordDamage("\(table.name), bit \(bit)", "doesNotOpen") { scene in
                let bits = 8 * (try scene.inside.value(table, scene.victim).count)
                try scene.inside.flip(bit: bit < 0 ? bits + bit : bit, table, scene.victim)
            }
        }
        return version + others
    }

    private static func cuts(in table: Table) -> [RecordDamage] {
        let shorter = [0, 1, 4, 5, 6, 28, 45].map { count in
            RecordDamage("\(table.name), \(count) bytes left", "doesNotOpen") { scene in
                let value = try scene.inside.value(table, scene.victim)
                try scene.inside.put(table, scene.victim, Array(value.prefix(count)))
            }
        }
        let longer = RecordDamage("\(table.name), a byte more", "doesNotOpen") { scene in
            let value = try scene.inside.value(table, scene.victim)
            try scene.inside.put(table, scene.victim, value + [0])
        }
        return shorter + [longer]
    }

    private static let moves = [
        RecordDamage("another's factor", "doesNotOpen") { try $0.copy(.factors) },
        RecordDamage("another's guard", "doesNotOpen") { try $0.copy(.guards) },
        RecordDamage("both of another's records", "doesNotOpen") {
            try $0.copy(.factors)
            try $0.copy(.guards)
        },
        RecordDamage("its guard where its factor was", "doesNotOpen") {
            try $0.inside.put(.factors, $0.victim, $0.inside.value(.guards, $0.victim))
        },
        RecordDamage("its factor where its guard was", "doesNotOpen") {
            try $0.inside.put(.guards, $0.victim, $0.inside.value(.factors, $0.victim))
        },
        RecordDamage("the guard deleted", "incomplete") {
            try $0.inside.delete(.guards, $0.victim)
        },
        RecordDamage("the factor deleted", "incomplete") {
            try $0.inside.delete(.factors, $0.victim)
        },
    ]
}

extension RecordDamage.Scene {
    fileprivate func copy(_ table: Table) throws {
        try inside.put(table, victim, inside.value(table, bystander))
    }
}
