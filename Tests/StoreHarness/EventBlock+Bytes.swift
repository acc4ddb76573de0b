// Blocks of events made from bytes and turned into bytes, as a store does it.

import Secrets
import Store

extension Event {
    package func numbered(_ number: UInt64) -> Event {
        Event(
            sequence: number, at: at, app: app, user: user, label: label, result: result,
            method: method, alert: alert)
    }
}

extension EventBlock {
    /// As this code writes it.
    package var bytes: [UInt8] {
        var writer = EventBlockWriter(
            after: EventHead(sequence: events[0].sequence &- 1, hash: previous))
        for event in events { writer.append(event) }
        return writer.bytes
    }

    package init(_ bytes: [UInt8], version: UInt8 = EventRecord.version) throws(RecordFault) {
        self = try bytes.withBytes { bytes throws(RecordFault) in
            try EventRecord.decode(bytes, version: version)
        }
    }
}
