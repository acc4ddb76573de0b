// What admins ask about the whole of totpd. If it changes something or reads many accounts, its
// event is on the disk before it is done.

import Accounts
import Store
import Wire

extension Dispatcher {
    func dispatch(_ task: AdminTask, _ answer: @escaping ReplyHandler) {
        switch task.request.action {
        case .sources(let app, let count):
            afterEvent(of: task, answer) { self.spentSources(of: app, atMost: count, task, answer) }
        case .clearSource(let app, let source):
            afterEvent(of: task, answer) { self.clear(source, of: app, answer) }
        case .apps(let request):
            afterEvent(of: task, answer) {
                self.countLimitKeys { found in
                    guard let found else {
                        return self.refuse(task, Refusal(.unavailable), answer)
                    }
                    let search = AppsSearch(
                        request, connections: self.loopFigures().connectionsByApp,
                        requests: self.statistics.counts.rowsByApp, found)
                    self.search(search, task, answer)
                }
            }
        case .users(let request):
            afterEvent(of: task, answer) {
                let policy = self.configuration.policy(of: request.app)
                let search = UsersSearch(request, at: self.clock(), under: policy)
                self.search(search, task, answer)
            }
        case .events(let request):
            // Before its own event, which would otherwise be the newest of each page.
            let last = store.lastEvent
            afterEvent(of: task, answer) {
                self.search(EventsSearch(request, last: last), task, answer)
            }
        case .watch(let filter, let cursor):
            if let cursor, cursor > store.lastEvent {
                let detail = "there is no such event yet"
                return answer(.refused(Refusal(.badRequest, field: "cursor", detail: detail)))
            }
            afterEvent(of: task, answer) {
                answer(.admin(.watching(filter, after: cursor ?? self.store.lastEvent)))
            }
        case .stats: stats(answer)
        case .metrics(let format): metrics(format, answer)
        case .health: health(answer)
        case .check(let anchor): undertake(task, answer) { self.check(through: anchor, $0) }
        case .rotateKey(let kind): rotateKey(kind, task, answer)
        case .backup(let path): backup(to: path, task, answer)
        case .export(let app, let path, let passphrase):
            export(app, to: path, under: passphrase, task, answer)
        }
    }

    /// Writes the event of an operation, and does it once that is durable: what cannot be written
    /// down is not done.
    func afterEvent(
        of task: AdminTask, stage: WorkStage = .asked, _ answer: @escaping ReplyHandler,
        _ body: @escaping @Sendable () -> Void
    ) {
        let isTaken = write(stage, of: task) { [note] isKept in
            guard isKept else {
                note(AdminNotice(task, .failed(Refusal(.unavailable))))
                return answer(.refused(Refusal(.unavailable)))
            }
            note(AdminNotice(task, stage))
            body()
        }
        if !isTaken { answer(.refused(.busy)) }
    }

    /// Does work that may fail once it has begun: one event says that it begins, another how it
    /// ended. `body` is given what takes the reply.
    func undertake(
        _ task: AdminTask, _ answer: @escaping ReplyHandler,
        _ body: @escaping @Sendable (@escaping ReplyHandler) -> Void
    ) {
        afterEvent(of: task, stage: .begun, answer) { [self] in
            body { reply in self.end(task, WorkStage(endWith: reply)) { answer(reply) } }
        }
    }

    /// Writes down how work ended, and goes on once that is durable. It ended so even if nobody can
    /// write it down any more; the host's log says that then.
    func end(_ task: AdminTask, _ stage: WorkStage, _ body: @escaping @Sendable () -> Void) {
        standing.note(task.op, of: task.request.app, stage)
        note(AdminNotice(task, stage))
        let lost = "how \(task.op.rawValue) ended (\(stage.result)) could not be kept as an event"
        let isTaken = write(stage, of: task) { [warn] isKept in
            if !isKept { warn(lost) }
            body()
        }
        if !isTaken {
            warn(lost)
            body()
        }
    }

    /// Writes an event of no single account. False when it cannot be taken.
    private func write(
        _ stage: WorkStage, of task: AdminTask,
        _ completion: @escaping @Sendable (_ isKept: Bool) -> Void
    ) -> Bool {
        let label = EventLabel(
            op: task.op.rawValue, peer: task.peer, reason: task.request.reason,
            source: task.request.source)
        let event = EventChange(of: task.request.app, now: clock(), label: label, stage: stage)
        let submission = Submission.event(event) { result in
            switch result {
            case .success: completion(true)
            case .failure: completion(false)
            }
        }
        return queue.submit(submission, of: .house)
    }

    /// Looks as often as it takes, and lets the lane decide what waits in between. One that failed
    /// is an event once more: it was asked, and not answered.
    private func search<Searching: Search>(
        _ search: Searching, _ task: AdminTask, _ answer: @escaping ReplyHandler
    ) {
        look(search, task, answer) { answer(.admin($0.reply)) }
    }

    /// The same, with what was found told to `found`.
    func look<Searching: Search>(
        _ search: Searching, _ task: AdminTask, _ answer: @escaping ReplyHandler,
        _ found: @escaping @Sendable (Searching) -> Void
    ) {
        let isTaken = queue.advance(search) { [self] looked in
            switch looked {
            case .success(let search) where search.isDone:
                search.tell(warn)
                found(search)
            case .success(let search): look(search, task, answer, found)
            case .failure(let fault):
                warn("the store could not be read: \(fault)")
                refuse(task, Refusal(.unavailable), answer)
            case nil: refuse(task, Refusal(.unavailable), answer)
            }
        }
        if !isTaken { refuse(task, .busy, answer) }
    }

    private func refuse(_ task: AdminTask, _ refusal: Refusal, _ answer: @escaping ReplyHandler) {
        end(task, .failed(refusal)) { answer(.refused(refusal)) }
    }

    private func check(through anchor: ChainAnchor?, _ answer: @escaping ReplyHandler) {
        let store = store
        let isTaken = slowWork.begin("check") { job in
            Result { () throws(StoreFault) in
                try store.check(job, through: anchor)
            }
        } _: { [warn] result in
            switch result {
            case .success(let report): answer(.admin(.checked(CheckResult(report))))
            case .failure(let fault):
                warn("the check could not be made: \(fault)")
                answer(.refused(Refusal(.unavailable)))
            }
        }
        if !isTaken { answer(.refused(Refusal(.busy, detail: "a check is under way"))) }
    }
}

extension AdminNotice {
    init(_ task: AdminTask, _ stage: WorkStage) {
        var refusal: ErrorName?
        if case .failed(let failed) = stage { refusal = failed.name }
        self.init(
            op: task.op, about: task.request.app.map { .app($0) } ?? .totpd, peer: task.peer,
            reason: task.request.reason, refusal: refusal, stage: stage)
    }
}

extension WorkStage {
    /// How work ended, by what its reply says.
    fileprivate init(endWith reply: Reply) {
        if case .refused(let refusal) = reply {
            self = .failed(refusal)
        } else if case .admin(.checked(let result)) = reply, result.problemCount > 0 {
            self = .foundProblems
        } else if case .admin(.exported(_, let unreadable)) = reply, unreadable > 0 {
            self = .foundProblems
        } else {
            self = .ended
        }
    }
}

extension CheckResult {
    init(_ report: CheckReport) {
        self.init(
            accounts: report.accounts, events: report.events, lostEvents: report.lostEvents,
            losses: report.losses, problemCount: report.problemCount, problems: report.problems)
    }
}
