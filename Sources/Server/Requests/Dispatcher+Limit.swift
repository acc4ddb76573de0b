// `limit`, and the sources of codes: which count a request is about. The lane decides.

import Accounts
import Store
import Wire

extension Dispatcher {
    func limit(_ request: LimitRequest, for app: AppName, _ answer: @escaping ReplyHandler) {
        let policy = configuration.policy(of: app)
        let network = request.address?.network(ipv6PrefixBits: policy.source.ipv6PrefixBits)
        let key = LimitKey(app: app, name: request.name, key: request.key, address: network)
        let change = LimitChange(
            address: store.address(of: key), limit: request.limit, now: clock(), under: policy)
        let isTaken = queue.submit(
            .limit(change) { [warn] result in
                switch result {
                case .success(.decided(.success(let status))): answer(.limited(status))
                case .success(.decided(.failure(let refusal))): answer(.refused(refusal))
                case .success(.unreadable(let fault)):
                    warn("what was spent of a limit cannot be read (\(fault))")
                    answer(.refused(Refusal(.unavailable)))
                case .failure: answer(.refused(Refusal(.unavailable)))
                }
            })
        if !isTaken { answer(.refused(.busy)) }
    }

    func address(
        ofSource source: Source, for app: AppName, under policy: AppPolicy
    ) -> LimitAddress {
        let bits = policy.source.ipv6PrefixBits
        return store.address(of: LimitKey(app: app, source: source, ipv6PrefixBits: bits))
    }
}
