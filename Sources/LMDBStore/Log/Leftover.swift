// A record of a lap that could not be folded, because the page where it belongs is damaged.

import Accounts
import Store

struct Leftover {
    let table: Table
    let id: RecordID
    let place: LogPlace
}
