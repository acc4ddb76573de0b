// Which page of the apps an admin asks for.

import Accounts

package struct AppsRequest: Sendable {
    package let after: AppName?
    package let count: Int
}
