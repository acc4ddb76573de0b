// A host of a test: it remembers nothing, and its time is made up.

import PostgresStore

extension DatabaseHost {
    package init(madeUp name: String) { self.init(name, memory: nil, clock: nil) }
}
