// What admins ask of the whole of totpd. What reads many accounts, or changes something, must have
// its event on the disk before it is done.

import Accounts
import Store
import Wire

/// What is asked, and by whom.
struct AdminTask: Sendable {
    let request: AdminRequest
    let op: OperationName
    let peer: Peer

    init(_ request: AdminRequest, _ op: OperationName, _ peer: Peer) {
        self.request = request
        self.op = op
        self.peer = peer
    }
}

extension Dispatcher {
    func dispatch(_ task: AdminTask, _ answer: @escaping Answer) {
        switch task.request.asked {
        case .check: afterEvent(of: task, answer) { self.check(answer) }
        }
    }

    /// Writes the event of an operation, and does it once that is durable: what cannot be written
    /// down is not done.
    func afterEvent(
        of task: AdminTask, _ answer: @escaping Answer, _ body: @escaping @Sendable () -> Void
    ) {
        let name = AccountName.nobody(in: task.request.app)
        let change = Change(
            name: name, id: store.id(of: name), operation: Note(), now: clock(),
            under: .standard,
            label: EventLabel(
                op: task.op.rawValue, peer: task.peer, reason: task.request.reason))
        let isTaken = queue.submit(change) { [note] verdict in
            guard case .decided(.accepted, _) = verdict else {
                note(Notice(task, name, refusal: .unavailable))
                return answer(.refused(Refusal(.unavailable)))
            }
            note(Notice(task, name))
            body()
        }
        if !isTaken { answer(.refused(.busy)) }
    }

    private func check(_ answer: @escaping Answer) {
        let store = store
        let isTaken = slowWork.begin("check") { job in
            Result { () throws(StoreFault) in try store.check(job) }
        } _: { [warn] result in
            switch result {
            case .success(let report): answer(.checked(CheckResult(report)))
            case .failure(let fault):
                warn("the check could not be made: \(fault)")
                answer(.refused(Refusal(.unavailable)))
            }
        }
        if !isTaken { answer(.refused(Refusal(.busy, detail: "a check is under way"))) }
    }
}

extension Notice {
    fileprivate init(_ task: AdminTask, _ name: AccountName, refusal: ErrorName? = nil) {
        self.init(
            op: task.op, name: name, account: "", peer: task.peer, reason: task.request.reason,
            refusal: refusal)
    }
}

extension CheckResult {
    init(_ report: CheckReport) {
        self.init(
            accounts: report.accounts, events: report.events, problemCount: report.problemCount,
            problems: report.problems)
    }
}
