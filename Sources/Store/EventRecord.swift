// An event as bytes. The chain hashes these bytes, so the writer of a version must never change.

import Accounts

package enum EventRecord {
    package static let version: UInt8 = 1

    package static func encode(_ event: Event) -> RecordWriter {
        var writer = RecordWriter(reserving: 192)
        writer.append(event.sequence)
        writer.append(fixed: event.previous)
        writer.append(event.at.milliseconds)
        writer.append(event.label.peer.uid)
        writer.append(event.label.peer.pid)
        for text in [
            event.app, event.user, event.label.op, event.result, event.method?.rawValue ?? "",
            event.alert?.rawValue ?? "", event.label.reason ?? "",
        ] {
            writer.append(counted: text.utf8)
        }
        return writer
    }

    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(RecordFault) -> Event {
        var reader = RecordReader(bytes)
        let sequence = try reader.read(UInt64.self)
        let previous = try reader.read(fixed: 32)
        let at = try reader.readInstant()
        let peer = Peer(uid: try reader.read(), pid: try reader.read())
        let app = try reader.readText()
        let user = try reader.readText()
        let op = try reader.readText()
        let result = try reader.readText()
        let method = try reader.readText()
        let alert = try reader.readText()
        let reason = try reader.readText()
        try reader.finish()
        guard method.isEmpty || CodeMethod(rawValue: method) != nil,
            alert.isEmpty || Alert(rawValue: alert) != nil
        else { throw .malformed }
        return Event(
            sequence: sequence, previous: previous, at: at, app: app, user: user,
            label: EventLabel(op: op, peer: peer, reason: reason.isEmpty ? nil : reason),
            result: result, method: CodeMethod(rawValue: method), alert: Alert(rawValue: alert))
    }
}
