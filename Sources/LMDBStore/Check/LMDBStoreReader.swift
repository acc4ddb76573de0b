// A store that is opened for reading, perhaps while a daemon uses it. It writes nothing, and does
// not take what a daemon is just writing for damage.

import Accounts
import Secrets
import Store

package final class LMDBStoreReader {
    private let files: StoreFiles
    private let ring: KeyRing

    package init(path: String, ring: KeyRing) throws(OpeningRefusal) {
        self.ring = ring
        files = try StoreFiles(
            path: path, ring: ring, mapBytes: LMDBEnvironment.readerRoom, isReadOnly: true)
    }

    package func close() { files.environment.close() }

    /// - Parameter anchor: an end that the chain once had, and must go through.
    package func check(through anchor: ChainAnchor? = nil) throws(StoreFault) -> CheckReport {
        let path = files.directory.path
        var report = try StoreCheck(
            path: path, files.environment, files.tables, ring, Job("check"), through: anchor
        ).run()
        guard !files.environment.wasServedMeanwhile else {
            throw .broken("totpd was started meanwhile: check again")
        }
        guard report.problemCount == 0, let last = try brokenEnd() else { return report }
        report.add(
            problem: "\(BrokenFrame.finding(after: last)); the next start refuses every code up to "
                + "its own moment as used")
        return report
    }

    /// A daemon that serves may be in the midst of a write at each look, but not of the same one.
    private static let looks = 20

    /// The last frame of the log, if there is a broken one behind it.
    private func brokenEnd() throws(StoreFault) -> UInt64? {
        var last: UInt64?
        for _ in 0..<Self.looks {
            let (isBroken, sequence) = try end()
            guard isBroken, last == nil || last == sequence else { return nil }
            last = sequence
        }
        return last
    }

    private func end() throws(StoreFault) -> (isBroken: Bool, last: UInt64) {
        do {
            return try StoreView.read(
                files.directory.path, files.environment, files.tables, ring
            ) { view, _ in (view.isBroken, view.lastFrame.sequence) }
        } catch let fault as StoreFault {
            throw fault
        } catch {
            throw .broken("\(error)")
        }
    }
}
