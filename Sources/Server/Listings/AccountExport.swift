// Writes an app's accounts to a file, sealed under a passphrase, with a MAC in a file beside it.
// OpenSSL alone can open it. Secrets reach the disk only sealed.

import Accounts
import Glibc
import JSON
import OneTimeCodes
import Secrets
import Store
import Wire

struct AccountExport: Sendable {
    private let app: AppName
    private let passphrase: SecretBytes
    private let file: NewPath
    private let mac: NewPath

    struct Report: Sendable {
        var accounts = 0
        /// Accounts that do not open, and so are missing.
        var unreadable = 0
    }

    /// Sealed bytes that are written at once.
    private static let bytesPerWrite = 64 << 10

    init(of app: AppName, under passphrase: SecretBytes, to file: NewPath, beside mac: NewPath) {
        (self.app, self.passphrase, self.file, self.mac) = (app, passphrase, file, mac)
    }

    func run(_ upkeep: any StoreUpkeep, _ job: Job) throws(CopyFault) -> Report {
        do {
            let report = try write(upkeep, job)
            // The MAC first: a file without one must not be taken for whole.
            try publish(mac)
            try publish(file)
            return report
        } catch {
            file.discardFile()
            mac.discardFile()
            throw error
        }
    }

    private func write(_ upkeep: any StoreUpkeep, _ job: Job) throws(CopyFault) -> Report {
        let output = try DraftFile(file)
        let sealing = PassphraseSealing(passphrase)
        var report = Report()
        var waiting = sealing.header
        try upkeep.forEachAccount(of: app, job) { account throws(CopyFault) in
            guard let account else {
                report.unreadable += 1
                return
            }
            guard account.factor != nil else { return }
            report.accounts += 1
            for place in account.authenticators.indices {
                var line = Self.line(account, place)
                defer { line.wipe() }
                waiting += line.withUnsafeBytes { sealing.update($0) }
            }
            guard waiting.count >= Self.bytesPerWrite else { return }
            try output.write(waiting)
            waiting.removeAll(keepingCapacity: true)
        }
        try output.write(waiting + sealing.finish())
        let (salt, digest) = try output.withBytes { bytes in
            PassphraseSealing.authenticate(bytes, passphrase)
        }
        try DraftFile(mac).write(Array("\(Hex.encode(salt)) \(Hex.encode(digest))\n".utf8))
        return report
    }

    /// An authenticator of an account as `import` takes it.
    private static func line(_ account: Account, _ place: Int) -> [UInt8] {
        let factor = account.authenticators[place]
        var line: [UInt8] = []
        // So that it does not grow, which would leave a copy behind: a name has 256 bytes, each of
        // six characters at most.
        line.reserveCapacity(2560)
        let last = account.newestUsedStepBegan(factor, at: place)
        var writer = JSONWriter(continuing: &line)
        writer.begin()
        writer.field("user", account.name.user)
        writer.field("secret", Base32.encode(factor.secret))
        writer.field("algorithm", factor.parameters.algorithm.name)
        writer.field("digits", factor.parameters.digits)
        writer.field("period", factor.parameters.period)
        if last != .distantPast {
            writer.field(
                "last_step", TOTP.step(at: last.seconds, period: factor.parameters.period))
        }
        if place > 0 { writer.field("add", true) }
        if let name = factor.name { writer.field("name", name) }
        writer.end()
        writer.endLine()
        writer.give(to: &line)
        return line
    }

    private func publish(_ draft: NewPath) throws(CopyFault) {
        do {
            try draft.publish()
        } catch {
            throw .path(error)
        }
    }
}

/// A draft that is being written.
private final class DraftFile {
    private let descriptor: Int32
    private var length = 0

    init(_ draft: NewPath) throws(CopyFault) {
        do {
            descriptor = try draft.makeFile()
        } catch {
            throw .path(error)
        }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(CopyFault) {
        var done = 0
        while done < bytes.count {
            let written = bytes[done...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written >= 0 else {
                throw .path(.failed(call: "write", errno: errno))
            }
            done += written
        }
        length += done
    }

    /// Lends what was written.
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(CopyFault) -> Result {
        let start = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let start, start != MAP_FAILED else {
            throw .path(.failed(call: "mmap", errno: errno))
        }
        defer { munmap(start, length) }
        return body(UnsafeRawBufferPointer(start: start, count: length))
    }
}
