// A change on its way to the lane, and whom to tell what it came to. The type of the change says
// what its result can be.

import Accounts

package enum Submission: Sendable {
    case account(AccountChange, @Sendable (Result<AccountResult, StoreFault>) -> Void)
    case limit(LimitChange, @Sendable (Result<LimitResult, StoreFault>) -> Void)
    case event(EventChange, @Sendable (Result<Void, StoreFault>) -> Void)

    /// What the store is given: it does not see whom to tell.
    package var change: Change {
        switch self {
        case .account(let change, _): return .account(change)
        case .limit(let change, _): return .limit(change)
        case .event(let change, _): return .event(change)
        }
    }

    /// Tells what the change came to, once its batch was kept.
    package func tell(_ result: ChangeResult) {
        switch (self, result) {
        case (.account(_, let tell), .account(let result)): tell(.success(result))
        case (.limit(_, let tell), .limit(let result)): tell(.success(result))
        case (.event(_, let tell), .event): tell(.success(()))
        case (.account, _), (.limit, _), (.event, _):
            preconditionFailure("a store gives each change a result of its own kind")
        }
    }

    /// Tells that the batch was not kept.
    package func fail(_ fault: StoreFault) {
        switch self {
        case .account(_, let tell): tell(.failure(fault))
        case .limit(_, let tell): tell(.failure(fault))
        case .event(_, let tell): tell(.failure(fault))
        }
    }
}
