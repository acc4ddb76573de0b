// swift-tools-version: 6.0
// The floors of the house: a target may depend on floors below its own, and on nothing else.

import PackageDescription

/// The build of record turns warnings into errors; a build with a newer compiler must not break on
/// a new warning.
let strict: [SwiftSetting] =
    Context.environment["TOTPD_STRICT"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]

/// A C library, with its pkg-config name and the Debian package that brings it; CLinux and
/// CPostgres have neither.
func library(_ name: String, _ pkgConfig: String? = nil, _ debian: String? = nil) -> Target {
    .systemLibrary(
        name: name, pkgConfig: pkgConfig, providers: debian.map { [.apt([$0])] } ?? [])
}

/// Tests run what users run: the code of the floors is optimised for them, too, and takes half the
/// processor time.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

func floor(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict + optimised)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// What several tests share, and nothing else uses.
func tools(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

/// The only test target to build, and no programs: a sanitizer's build has no use for the others.
let onlyTests = Context.environment["TOTPD_TESTS"]

func isWanted(_ target: Target) -> Bool {
    switch target.type {
    case .test: onlyTests == nil || target.name == onlyTests
    case .executable: onlyTests == nil
    default: true
    }
}

let package = Package(
    name: "totpd",
    products: onlyTests != nil
        ? []
        : [
            .executable(name: "totpd", targets: ["totpd"]),
            .executable(name: "totpctl", targets: ["totpctl"]),
            .executable(name: "totpload", targets: ["totpload"]),
        ],
    dependencies: [
        // The event loop and its sockets.
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        // The command lines.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        // Latency percentiles in totpload.
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    ],
    targets: [
        // Floor 0: C libraries.
        library("COpenSSL", "libcrypto", "libssl-dev"),
        library("CLMDB", "lmdb", "liblmdb-dev"),
        library("CQREncode", "libqrencode", "libqrencode-dev"),
        library("CZlib", "zlib", "zlib1g-dev"),
        library("CExpat", "expat", "libexpat1-dev"),
        library("CLinux"),
        // Neither pkg-config nor a package: libpq is looked for at run time. See its shim.
        library("CPostgres"),
        // Floor 1
        floor("Secrets", ["COpenSSL", "CLinux"]),
        floor("Systemd", []),
        floor("JSON", []),
        floor("Release", ["CLinux"]),
        // Floor 2
        floor("OneTimeCodes", ["Secrets"]),
        floor("QRCode", ["CQREncode", "CZlib"]),
        // Floor 3
        floor("Accounts", ["OneTimeCodes", "Secrets"]),
        // Floor 4
        floor("Wire", ["Accounts", "OneTimeCodes", "Secrets", "JSON"]),
        floor("Store", ["CLinux", "Accounts", "OneTimeCodes", "Secrets"]),
        // No TOML library: TOMLKit 0.6.0 (toml++ below it) knows the line of a syntax error, but
        // not that of a value or of an unknown key, which is what an admin gets wrong. Settings
        // need little of TOML; ConfigurationTests compare what is read with Python's tomllib.
        floor("Configuration", ["Accounts", "OneTimeCodes", "Secrets"]),
        // Floor 5
        floor("LMDBStore", ["CLMDB", "CLinux", "Store", "Accounts", "Secrets"]),
        floor("PostgresStore", ["CPostgres", "Store", "Accounts", "Secrets"]),
        // Floor 6
        floor(
            "Server",
            [
                "Configuration", "Store", "Wire", "QRCode", "Accounts", "OneTimeCodes", "Secrets",
                "JSON", "CLinux", nioCore, nioPosix,
            ]),
        floor("TOTPClient", ["JSON"]),
        floor(
            "AccountLists", ["Wire", "Accounts", "OneTimeCodes", "Secrets", "JSON", "CExpat"]),
        // Floor 7
        program(
            "totpd",
            [
                "Server", "Configuration", "Wire", "LMDBStore", "Store", "Accounts", "Systemd",
                "Secrets", "Release", arguments,
            ]),
        program(
            "totpctl",
            [
                "AccountLists", "Configuration", "LMDBStore", "Store", "Accounts", "Secrets",
                "Systemd", "TOTPClient", "Release", arguments,
            ]),
        program("totpload", ["TOTPClient", "OneTimeCodes", "Secrets", arguments, histogram]),

        // What a verify costs, stage by stage: a program that prints figures.
        .executableTarget(
            name: "totpcost",
            dependencies: [
                "Server", "Wire", "LMDBStore", "Store", "Accounts", "OneTimeCodes", "Secrets",
                "InlineWork",
            ], path: "Tests/Bench/Cost", swiftSettings: strict),

        // Random numbers for tests, from a seed that they print.
        tools("SeededRandom"),
        // Slow work and the lane's in the place where it is asked for.
        tools("InlineWork", ["Server", "Store"]),
        // How tests wait for what others do, and what they say when it does not come.
        tools("Patience"),
        tests("PatienceTests", ["Patience"]),
        // Directories of tests, which go with them.
        tools("Scratch"),
        tests("SecretsTests", ["Secrets"]),
        tests("SystemdTests", ["Systemd"]),
        tests("ReleaseTests", ["Release"]),
        tests("OneTimeCodesTests", ["OneTimeCodes", "Secrets", "SeededRandom"]),
        tests("QRCodeTests", ["QRCode"]),
        tests("AccountsTests", ["Accounts", "OneTimeCodes", "Secrets", "SeededRandom"]),
        tests(
            "ConfigurationTests",
            ["Configuration", "Accounts", "OneTimeCodes", "Secrets", "SeededRandom"]),
        tests("JSONTests", ["JSON", "SeededRandom"]),
        tests("WireTests", ["Wire"]),
        // What tests of stores share: the engines as an argument, people, and what they ask.
        tools(
            "StoreHarness",
            [
                "LMDBStore", "PostgresStore", "PostgresHarness", "Store", "StoreWorkload",
                "Accounts", "OneTimeCodes", "Secrets", "SeededRandom", "Scratch",
            ]),
        tests(
            "StoreTests",
            [
                "StoreHarness", "LMDBStore", "Store", "Accounts", "OneTimeCodes", "Secrets",
                "SeededRandom", "Scratch",
            ]),
        tests(
            "LMDBStoreTests",
            [
                "StoreHarness", "LMDBStore", "Store", "StoreWorkload", "Accounts", "OneTimeCodes",
                "Secrets", "SeededRandom", "Patience", "Scratch",
            ]),
        // A PostgreSQL of the test's own, and what stands between it and a connection.
        tools(
            "PostgresHarness",
            ["PostgresStore", "DaemonHarness", "Store", "Patience", "Scratch"]),
        tests(
            "PostgresStoreTests",
            [
                "PostgresHarness", "PostgresStore", "StoreHarness", "LMDBStore", "Store",
                "DaemonHarness", "Accounts", "Secrets", "Patience", "Scratch",
            ]),
        tests(
            "ServerTests",
            [
                "Server", "Configuration", "Wire", "LMDBStore", "Store", "Accounts", "OneTimeCodes",
                "Secrets", "TOTPClient", "SeededRandom", "Patience", "InlineWork", "StoreHarness",
                "DaemonHarness", nioCore, nioPosix,
            ]),
        tests("TOTPClientTests", ["TOTPClient"]),
        tests("AccountListsTests", ["AccountLists", "Accounts", "OneTimeCodes", "Secrets"]),
        // All threads over one store: what Thread Sanitizer watches in .ci/run.
        tests(
            "ThreadTests",
            [
                "DaemonHarness", "Scratch", "Server", "Configuration", "Wire", "LMDBStore", "Store",
                "Accounts", "OneTimeCodes", "Secrets", "SeededRandom",
            ]),
        // The programs as they are run: tests of the real binary, and what they share.
        tools("DaemonHarness", ["TOTPClient", "Patience", "Scratch"]),
        tests(
            "DialogueTests",
            [
                "DaemonHarness", "TOTPClient", "Server", "Configuration", "Wire", "LMDBStore",
                "Store", "Accounts", "OneTimeCodes", "Secrets", "JSON", "Patience", "InlineWork",
                "StoreHarness", "SeededRandom", "Scratch", "totpd", nioCore, nioPosix,
            ]),
        // A store without a daemon around it, in a process that tests kill and listen to.
        tools(
            "StoreWorkload",
            ["LMDBStore", "Store", "Accounts", "OneTimeCodes", "Secrets", "SeededRandom"]),
        .executableTarget(
            name: "StoreDriver", dependencies: ["StoreWorkload", "LMDBStore", "Store"],
            path: "Tests/StoreDriver", swiftSettings: strict),
        tests(
            "DaemonTests",
            [
                "DaemonHarness", "SeededRandom", "Patience", "Scratch", "OneTimeCodes", "Secrets",
                "LMDBStore", "Store", "Accounts", "totpd", "totpctl", "totpload", "StoreHarness",
                "StoreWorkload", "StoreDriver",
            ]),
        // The Debian package under a real systemd that is thrown away: ServiceTests.swift.
        .testTarget(
            name: "ServiceTests", dependencies: ["DaemonHarness", "OneTimeCodes", "Secrets"],
            exclude: ["with-systemd", "probe.c", "preload.c"], swiftSettings: strict),
        tests("TidyTests", []),
    ].filter(isWanted)
)
