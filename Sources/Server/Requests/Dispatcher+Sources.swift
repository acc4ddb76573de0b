// Which sources are spent, and how an admin lets one in again. The lane decides, as it does for a
// code.

import Accounts
import Store
import Wire

extension Dispatcher {
    func spentSources(
        of app: AppName, atMost count: Int, _ task: AdminTask, _ answer: @escaping ReplyHandler
    ) {
        let policy = configuration.policy(of: app)
        let search = SourcesSearch(
            of: app, at: clock(), under: policy.source, last: store.lastEvent,
            startedAt: startedAt
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
        _ answer: @escaping ReplyHandler
    ) {
        guard let (address, source) = candidates.first else {
            return answer(.admin(.sources(report.spent)))
        }
        ask(.peek(1), address, report.policy, answer) { [self] decided in
            var report = report
            if case .failure(let refusal) = decided, refusal.name == .throttled,
                let wait = refusal.retryAfter
            {
                report.rows.append(SpentSources.Row(source: source.text, retryAfter: wait))
            }
            peek(candidates.dropFirst(), report, answer)
        }
    }

    func clear(_ source: Source, of app: AppName, _ answer: @escaping ReplyHandler) {
        let policy = configuration.policy(of: app)
        let address = address(ofSource: source, for: app, under: policy)
        ask(.reset, address, policy, answer) { decided in
            switch decided {
            case .success: answer(.done)
            case .failure(let refusal): answer(.refused(refusal))
            }
        }
    }

    /// On the count of a source, by the rule that its codes have.
    private func ask(
        _ action: Limit.Action, _ address: LimitAddress, _ policy: AppPolicy,
        _ answer: @escaping ReplyHandler,
        _ told: @escaping @Sendable (Result<LimitStatus, Refusal>) -> Void
    ) {
        let limit = Limit(action, under: .given(policy.source.rule))
        decide(limit, of: .house, address, policy, "some sources have spent", answer, told)
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
