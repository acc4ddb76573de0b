// `limit`, and the sources of codes: which count a request is about. It must decide nothing itself.

import Accounts
import Store
import Wire

extension Dispatcher {
    func limit(_ request: LimitRequest, for app: AppName, _ answer: @escaping Answer) {
        let policy = configuration.policy(of: app)
        let network = request.address?.network(ipv6PrefixBits: policy.source.ipv6PrefixBits)
        let key = LimitKey(app: app, name: request.name, key: request.key, address: network)
        let change = LimitChange(
            address: store.address(of: key), limit: request.limit, now: clock(), under: policy)
        let isTaken = queue.submit(.limit(change)) { [warn] verdict in
            switch verdict {
            case .decided(.accepted(.limited(let status)), _): answer(.limited(status))
            case .decided(.refused(let refusal), _): answer(.refused(refusal))
            case .decided, .unreadable:
                preconditionFailure("a limit is decided, and has no account")
            case .unreadableLimit(let fault):
                warn("what was spent of a limit cannot be read (\(fault))")
                answer(.refused(Refusal(.unavailable)))
            case .failed: answer(.refused(Refusal(.unavailable)))
            }
        }
        if !isTaken { answer(.refused(.busy)) }
    }

    func address(
        ofSource source: Source, for app: AppName, under policy: AppPolicy
    ) -> LimitAddress {
        let bits = policy.source.ipv6PrefixBits
        return store.address(of: LimitKey(app: app, source: source, ipv6PrefixBits: bits))
    }
}
