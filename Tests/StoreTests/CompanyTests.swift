// From when on several parties count as served at the same time, and until when.

import Accounts
import Testing

@testable import Store

@Suite("Company")
struct CompanyTests {
    private static func party(_ name: String) throws -> Party {
        .app(try #require(AppName(name)))
    }

    @Test("is none as long as one party alone is served")
    func alone() throws {
        var company = Company()
        let one = try Self.party("a")
        for _ in 0..<1000 {
            company.begin()
            company.serve(one)
            #expect(!company.isShared)
        }
    }

    @Test("lasts for 512 turns after another party was served, and begins anew with each")
    func seldom() throws {
        var company = Company()
        let (one, other) = (try Self.party("a"), try Self.party("b"))
        company.serve(one)
        company.serve(other)
        #expect(company.isShared)
        company.serve(one)
        for _ in 0..<511 {
            company.begin()
            company.serve(one)
        }
        #expect(company.isShared)
        company.serve(other)
        company.serve(one)
        for turn in 1...512 {
            company.begin()
            company.serve(one)
            #expect(company.isShared == (turn < 512), "turn \(turn)")
        }
    }
}
