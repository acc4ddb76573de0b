// What looks on the lane find: accounts and events, wherever they lie.

import Accounts
import Store

extension LMDBStore {
    package func accounts(
        after: AccountID?, atMost count: Int
    ) throws(StoreFault) -> AccountSlice {
        try look { transaction, log, seal in
            try AccountScan(tables: tables, reader: AccountReader(seal: seal), log: log)
                .slice(after: after, atMost: count, transaction)
        }
    }

    package func events(
        _ position: EventPosition, atMost count: Int
    ) throws(StoreFault) -> EventSlice {
        try look { transaction, log, seal in
            try EventScan(tables: tables, seal: seal, log: log)
                .slice(position, atMost: count, transaction)
        }
    }
}
