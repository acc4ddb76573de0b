// Names that a person would take for one, compared with what Foundation knows of Unicode.

import Foundation
import Testing

@testable import AccountLists

@Suite("Names that look alike")
struct LookAlikeTests {
    @Test(
        "have one key",
        arguments: [
            ("Ada", "ADA"), ("ada", "ａｄａ"), ("ada１", "ada1"), ("ﬁona", "fiona"), ("Ⓐda", "ada"),
            ("𝒜𝒹𝒶", "ada"), ("𝟜", "4"), ("\u{e9}", "e\u{301}"), ("straße", "STRASSE"),
            ("ﾔﾏﾀﾞ", "ヤマダ"), ("ℬob", "bob"), ("Éva", "éva"),
        ])
    func alike(one: String, other: String) {
        #expect(LookAlike.key(of: one) == LookAlike.key(of: other))
    }

    @Test(
        "are not those with other letters",
        arguments: [("ada", "adа"), ("ada", "adá"), ("l", "1"), ("0", "o"), ("ß", "s")])
    func different(one: String, other: String) {
        #expect(LookAlike.key(of: one) != LookAlike.key(of: other))
    }

    @Test("are all forms of ASCII letters and digits that Unicode knows, and no others")
    func forms() {
        var forms = 0
        for number in UInt32(0x80)...0x10ffff {
            guard let scalar = Unicode.Scalar(number), scalar.properties.age != nil else {
                continue
            }
            let name = String(scalar)
            let plain = name.precomposedStringWithCompatibilityMapping
            let letter = plain.utf8.first.map(Character.init(ascii:))
            if plain.utf8.count == 1, let letter, letter.isLetter || letter.isNumber {
                forms += 1
                #expect(LookAlike.key(of: name) == LookAlike.key(of: plain), "U+\(number)")
            }
            // Whatever it takes for something else, Unicode takes for that too.
            if LookAlike.key(of: name) != name.uppercased().lowercased() {
                #expect(LookAlike.key(of: name) == LookAlike.key(of: plain), "U+\(number)")
            }
        }
        #expect(forms > 900)
    }
}

extension Character {
    fileprivate init(ascii byte: UInt8) { self.init(Unicode.Scalar(byte)) }
}
