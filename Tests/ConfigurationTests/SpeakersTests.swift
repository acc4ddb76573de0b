// Shows for whom a Unix user speaks: by its own name, by each of its groups, for several apps, or
// for none.

import Accounts
import Testing

@testable import Configuration

@Suite struct SpeakersTests {
    private func speaks(_ text: String, uid: UInt32, groups: [UInt32] = []) throws -> [String] {
        try ConfigurationReader.read(Array(text.utf8), names: ConfigurationReaderTests.names)
            .speaks(uid: uid, groups: groups).map(\.description)
    }

    @Test("for default, as long as nobody is named")
    func nobodyNamed() throws {
        #expect(try speaks("", uid: 5) == ["default"])
        #expect(try speaks("[app.shop]\nissuer = \"S\"", uid: 5) == ["default"])
    }

    @Test("by user, by group, for several, and for none")
    func named() throws {
        let text = """
            [app.shop]
            users = ["shop"]
            [app.mail]
            groups = ["web"]
            [app.both]
            users = ["shop"]
            groups = ["web"]
            [app.default]
            """
        #expect(try speaks(text, uid: 1001) == ["both", "shop"])
        #expect(try speaks(text, uid: 5, groups: [7, 2001]) == ["both", "mail"])
        #expect(try speaks(text, uid: 1001, groups: [2001]) == ["both", "mail", "shop"])
        #expect(try speaks(text, uid: 5, groups: [7]) == [])
        #expect(try speaks(text, uid: 0) == [])
        // A group's number is not a user's.
        #expect(try speaks(text, uid: 2001, groups: [1001]) == [])
    }

    @Test("the host's own names are found, and others are not")
    func host() throws {
        #expect(try UnixNames.ofThisHost.uid("root") == 0)
        #expect(try UnixNames.ofThisHost.gid("root") == 0)
        #expect(try UnixNames.ofThisHost.uid("no such user") == nil)
        #expect(try UnixNames.ofThisHost.gid("no such group") == nil)
    }
}
