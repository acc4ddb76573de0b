// Shows for whom a Unix user speaks: by its own name, by each of its groups, for several apps, or
// for none.

import Accounts
import Testing

@testable import Configuration

@Suite struct SpeakersTests {
    private func speaks(
        _ text: String, uid: UInt32, groups: [UInt32] = [], namesakes: [String: UInt32] = [:]
    ) throws -> [String] {
        try ConfigurationReader.read(Array(text.utf8), names: ConfigurationReaderTests.names)
            .speaks(uid: uid, groups: groups, namesakes: apps(namesakes)).map(\.description)
    }

    private func apps(_ namesakes: [String: UInt32]) throws -> [AppName: UInt32] {
        try Dictionary(
            uniqueKeysWithValues: namesakes.map { (try #require(AppName($0)), $1) })
    }

    @Test("for default, as long as nobody is named")
    func nobodyNamed() throws {
        #expect(try speaks("", uid: 5) == ["default"])
        #expect(try speaks("[app.shop]\nissuer = \"S\"", uid: 5) == ["default"])
    }

    @Test("the apps that are known, with default as long as everybody speaks for it")
    func known() throws {
        func known(_ text: String) throws -> [String] {
            try ConfigurationReader.read(Array(text.utf8), names: ConfigurationReaderTests.names)
                .knownApps.map(\.description)
        }
        #expect(try known("") == ["default"])
        #expect(try known("[app.shop]\nissuer = \"S\"") == ["default", "shop"])
        #expect(try known("[app.shop]\nusers = [\"shop\"]\n[app.blog]") == ["blog", "shop"])
        #expect(try known("[app.shop]\ngroups = [\"web\"]\n[app.default]") == ["default", "shop"])
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

    @Test("for the app of the same name that has a socket, while the file names nobody for it")
    func namesake() throws {
        let sockets: [String: UInt32] = ["shop": 50, "mail": 51]
        // Nor for default then: apps are apart on both sockets.
        #expect(try speaks("", uid: 50, namesakes: sockets) == ["shop"])
        #expect(try speaks("[app.shop]", uid: 50, namesakes: sockets) == ["shop"])
        #expect(try speaks("", uid: 52, namesakes: sockets) == ["default"])
        let text = "[app.shop]\nusers = [\"shop\"]\n[app.mail]\n"
        #expect(try speaks(text, uid: 50, namesakes: sockets) == [])
        #expect(try speaks(text, uid: 1001, namesakes: sockets) == ["shop"])
        #expect(try speaks(text, uid: 51, namesakes: sockets) == ["mail"])
        #expect(try speaks(text, uid: 52, namesakes: sockets) == [])
    }

    @Test("and whether anybody does on an app's own socket")
    func anybody() throws {
        func hasSpeakers(
            _ text: String, _ app: String, _ sockets: [String: UInt32]
        ) throws -> Bool {
            let configuration = try ConfigurationReader.read(
                Array(text.utf8), names: ConfigurationReaderTests.names)
            return try configuration.hasSpeakers(
                #require(AppName(app)), namesakes: apps(sockets))
        }
        #expect(try !hasSpeakers("", "shop", [:]))
        #expect(try !hasSpeakers("[app.shop]", "shop", ["mail": 5]))
        #expect(try hasSpeakers("", "shop", ["shop": 5]))
        #expect(try hasSpeakers("[app.shop]\ngroups = [\"web\"]", "shop", [:]))
        #expect(try hasSpeakers("", "default", [:]))
        #expect(try !hasSpeakers("[app.shop]\ngroups = [\"web\"]", "default", [:]))
    }
}
