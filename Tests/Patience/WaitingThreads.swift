// Threads for tests that mostly wait for another process. Tests share as many threads as there are
// processors; a test that waits on one of them keeps it from tests that have work for it.

// A release builds this module too, where there is no Testing.
#if canImport(Testing)
    import Foundation
    import Testing

    /// Runs a test, or each test of a suite, on threads that the other tests do without.
    ///
    /// For tests that start a daemon, wait for a disk or a child, and compute little themselves.
    package struct WaitingTests: SuiteTrait, TestTrait, TestScoping {
        package var isRecursive: Bool { true }

        package func provideScope(
            for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
        ) async throws {
            try await withTaskExecutorPreference(WaitingThreads.shared) { try await body() }
        }
    }

    extension Trait where Self == WaitingTests {
        /// This test mostly waits for another process.
        package static var waits: WaitingTests { WaitingTests() }
    }

    /// More than there are processors, and not many: every test here has a daemon of its own, and
    /// all daemons together have to be quick enough for each test's patience.
    private final class WaitingThreads: TaskExecutor {
        static let shared = WaitingThreads()

        private let threads = OperationQueue()

        private init() { threads.maxConcurrentOperationCount = 4 }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            threads.addOperation { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }
#endif
