// What `health` keeps of work that has ended: a failure stands until the same was done well.

import Accounts
import Testing
import Wire

@testable import Server

@Suite("Standing reasons")
struct StandingReasonTests {
    private let standing = StandingReasons()
    private let failure = WorkStage.failed(Refusal(.unavailable))

    @Test(
        "a failure stands until the same ends well",
        arguments: [
            (OperationName.backup, "backup_failed"), (.export, "export_failed"),
            (.check, "check_failed"), (.rotateKey, "rotation_failed"),
        ])
    func failed(_ op: OperationName, _ reason: String) {
        standing.note(op, .begun)
        #expect(standing.all.isEmpty)
        standing.note(op, failure)
        #expect(standing.all.map(\.rawValue) == [reason])
        for other in OperationName.allCases where other != op { standing.note(other, .ended) }
        standing.note(op, .begun)
        #expect(standing.all.map(\.rawValue) == [reason])
        standing.note(op, .ended)
        #expect(standing.all.isEmpty)
    }

    @Test("an export of one app is none of another, and a backup is of all")
    func ofApps() {
        let (shop, mail) = (AppName("shop"), AppName("mail"))
        standing.note(.export, of: shop, failure)
        standing.note(.export, of: mail, .ended)
        #expect(standing.all == [.exportFailed])
        standing.note(.export, of: mail, .foundProblems)
        standing.note(.export, of: shop, .ended)
        #expect(standing.all == [.exportFailed])
        standing.note(.export, of: mail, .ended)
        #expect(standing.all.isEmpty)
        standing.note(.backup, failure)
        standing.note(.export, of: shop, .ended)
        #expect(standing.all == [.backupFailed])
    }

    @Test("of more apps than are remembered, a failure stands until the next start")
    func manyApps() {
        for number in 0...StandingReasons.appsMax {
            standing.note(.export, of: AppName("app\(number)"), failure)
        }
        for number in 0...StandingReasons.appsMax {
            #expect(standing.all == [.exportFailed])
            standing.note(.export, of: AppName("app\(number)"), .ended)
        }
        #expect(standing.all == [.exportFailed])
    }

    @Test("what was not begun because the same is under way says nothing")
    func busy() {
        standing.note(.backup, .failed(.busy))
        #expect(standing.all.isEmpty)
        standing.note(.backup, failure)
        standing.note(.backup, .failed(.busy))
        #expect(standing.all == [.backupFailed])
    }

    @Test("a check that finds problems was made, and an export that lacks accounts was not")
    func problems() {
        standing.note(.check, failure)
        standing.note(.check, .foundProblems)
        #expect(standing.all == [.checkProblems])
        standing.note(.check, failure)
        #expect(standing.all == [.checkProblems, .checkFailed])
        standing.note(.check, .ended)
        #expect(standing.all.isEmpty)
        standing.note(.export, .foundProblems)
        #expect(standing.all == [.exportFailed])
    }

    @Test("a list that could not be read is no such failure")
    func lists() {
        for op in [OperationName.users, .events, .apps] { standing.note(op, failure) }
        #expect(standing.all.isEmpty)
    }

    @Test("of health, each makes it degraded, and the worst comes first")
    func health() {
        let all: Set<Health.Reason> = [
            .configurationRefused, .checkProblems, .checkFailed, .backupFailed, .exportFailed,
            .rotationFailed,
        ]
        let late = Health(.late, .unknown, skew: nil, standing: all)
        #expect(late.state == .failing && late.reasons.count == 7)
        #expect(late.reasons.first == "lane_stuck" && late.reasons.last == "rotation_failed")
        let failed = Health(
            .failed(.full("no space")), .unsynchronized, skew: nil, standing: [.backupFailed])
        #expect(failed.reasons == ["store_unreadable", "clock_unsynchronized", "backup_failed"])
        for reason in all {
            #expect(reason.state == .degraded)
        }
    }
}
