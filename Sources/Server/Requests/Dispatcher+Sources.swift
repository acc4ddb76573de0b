// Which sources are spent, and how an admin lets one in again. Both ask the lane, as a code would:
// nothing here decides what is spent.

import Accounts
import Store
import Wire

extension Dispatcher {
    func spentSources(
        of app: AppName, atMost count: Int, _ task: AdminTask, _ answer: @escaping Answer
    ) {
        let policy = configuration.policy(of: app)
        let search = SourcesSearch(
            of: app, at: clock(), under: policy.source, last: store.lastEvent
        ) { [self] source in
            address(ofSource: source, for: app, under: policy)
        }
        look(search, task, answer) { [self] search in
            let report = SourcesReport(search, policy, atMost: count)
            peek(search.candidates[...], report, answer)
        }
    }

    /// Asks of one candidate after the other whether a wrong code more would be refused.
    private func peek(
        _ candidates: ArraySlice<(LimitAddress, Source)>, _ report: SourcesReport,
        _ answer: @escaping Answer
    ) {
        guard let (address, source) = candidates.first else {
            return answer(.admin(.sources(report.spent)))
        }
        ask(.peek(1), address, report.policy, answer) { [self] reply in
            var report = report
            if case .refused(let refusal) = reply, refusal.name == .throttled,
                let wait = refusal.retryAfter
            {
                report.rows.append(SpentSources.Row(source: source.text, retryAfter: wait))
            }
            peek(candidates.dropFirst(), report, answer)
        }
    }

    func clear(_ source: Source, of app: AppName, _ answer: @escaping Answer) {
        let policy = configuration.policy(of: app)
        let address = address(ofSource: source, for: app, under: policy)
        ask(.reset, address, policy, answer) { reply in
            if case .refused(let refusal) = reply { return answer(.refused(refusal)) }
            answer(.done)
        }
    }

    /// On the count of a source, by the rule that its codes have.
    private func ask(
        _ action: Limit.Action, _ address: LimitAddress, _ policy: AppPolicy,
        _ answer: @escaping Answer, _ told: @escaping @Sendable (Accounts.Answer) -> Void
    ) {
        let limit = Limit(action, under: .given(policy.source.rule))
        let change = LimitChange(address: address, limit: limit, now: clock(), under: policy)
        let isTaken = queue.submit(.limit(change)) { [warn] verdict in
            switch verdict {
            case .decided(let reply, _): told(reply)
            case .unreadable: preconditionFailure("a limit has no account")
            case .unreadableLimit(let fault):
                warn("what some sources have spent cannot be read (\(fault))")
                answer(.refused(Refusal(.unavailable)))
            case .failed: answer(.refused(Refusal(.unavailable)))
            }
        }
        if !isTaken { answer(.refused(.busy)) }
    }
}

/// What is known so far.
private struct SourcesReport: Sendable {
    let policy: AppPolicy
    let count: Int
    let since: Instant
    let isWhole: Bool
    var rows: [SpentSources.Row] = []

    init(_ search: SourcesSearch, _ policy: AppPolicy, atMost count: Int) {
        (self.policy, self.count) = (policy, count)
        (since, isWhole) = (search.since, search.isWhole)
    }

    var spent: SpentSources {
        let sorted = rows.sorted {
            ($1.retryAfter, $0.source) < ($0.retryAfter, $1.source)
        }
        return SpentSources(
            rows: Array(sorted.prefix(count)), count: rows.count, since: since, isWhole: isWhole)
    }
}
