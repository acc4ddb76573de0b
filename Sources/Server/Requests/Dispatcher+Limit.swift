// `limit`, and the sources of codes: which count a request is about. The lane decides.

import Accounts
import Store
import Wire

extension Dispatcher {
    func limit(
        _ request: LimitRequest, for app: AppName, of party: Party, _ answer: @escaping ReplyHandler
    ) {
        let policy = configuration.policy(of: app)
        let network = request.address?.network(ipv6PrefixBits: policy.source.ipv6PrefixBits)
        let key = LimitKey(app: app, name: request.name, key: request.key, address: network)
        let address = store.address(of: key)
        decide(request.limit, of: party, address, policy, "was spent of a limit", answer) {
            decided in
            switch decided {
            case .success(let status): answer(.limited(status))
            case .failure(let refusal): answer(.refused(refusal))
            }
        }
    }

    /// Has a limit decided; `told` gets the decision.
    ///
    /// - Parameters:
    ///   - what: whose count it is, for the log.
    ///   - answer: is told when there is no decision.
    func decide(
        _ limit: Limit, of party: Party, _ address: LimitAddress, _ policy: AppPolicy,
        _ what: String, _ answer: @escaping ReplyHandler,
        _ told: @escaping @Sendable (Result<LimitStatus, Refusal>) -> Void
    ) {
        let change = LimitChange(address: address, limit: limit, now: clock(), under: policy)
        let submission = Submission.limit(change) { [warn] result in
            switch result {
            case .success(.decided(let decided)): told(decided)
            case .success(.unreadable(let fault)):
                warn("what \(what) cannot be read (\(fault))")
                answer(.refused(Refusal(.unavailable)))
            case .failure: answer(.refused(Refusal(.unavailable)))
            }
        }
        if !queue.submit(submission, of: party) { answer(.refused(.busy)) }
    }

    func address(
        ofSource source: Source, for app: AppName, under policy: AppPolicy
    ) -> LimitAddress {
        let bits = policy.source.ipv6PrefixBits
        return store.address(of: LimitKey(app: app, source: source, ipv6PrefixBits: bits))
    }
}
