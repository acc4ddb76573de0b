// What the store keeps about a whole app, as bytes: its name, and how many accounts it has. Every
// released version stays readable for ever.
//
// Name (counted text) ‖ accounts (8). To change it, see AccountRecord.

import Accounts

package enum AccountCountRecord {
    /// The version this code writes. It is also sealed in, as associated data.
    package static let version: UInt8 = 1

    /// An app as bytes, or nil when it has no account, and there is nothing to keep.
    package static func encode(_ app: AccountCount) -> RecordWriter? {
        guard app.accounts > 0 else { return nil }
        var writer = RecordWriter(reserving: 48)
        writer.append(text: app.name.description)
        writer.append(UInt64(app.accounts))
        return writer
    }

    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(RecordFault) -> AccountCount
    {
        var reader = RecordReader(bytes)
        let name = AppName(try reader.readText())
        let accounts = Int(exactly: try reader.read(UInt64.self))
        try reader.finish()
        guard let name, let accounts, accounts > 0 else { throw .malformed }
        return AccountCount(name: name, accounts: accounts)
    }
}
