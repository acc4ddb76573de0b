// Which page of an app's users an admin asks for.

import Accounts

package struct UsersRequest: Sendable {
    package let app: AppName
    package let prefix: String
    package let after: RecordID?
    package let count: Int
}
