// Events as bytes: a block of them in each record, with the hash of the record before it. The chain
// hashes these bytes, so a released version is never changed.

import Accounts

package enum EventRecord {
    /// What this code writes: blocks of events with their sources. Version 1 held one event a
    /// record, and neither it nor version 2 knew a source; both are still read.
    package static let version: UInt8 = 3
    /// What this code writes where events are lost.
    package static let gapVersion: UInt8 = 4

    package static func decode(
        _ bytes: UnsafeRawBufferPointer, version: UInt8
    ) throws(RecordFault) -> EventBlock {
        switch version {
        case 1: return try decodeSingle(bytes)
        case 2, 3: return try decodeBlock(bytes, hasSources: version >= 3)
        case gapVersion: return EventBlock(try EventGap(bytes))
        default: throw .unknownFormat(version)
        }
    }

    /// Version 1: sequence ‖ hash of the record before ‖ the event.
    private static func decodeSingle(
        _ bytes: UnsafeRawBufferPointer
    ) throws(RecordFault) -> EventBlock {
        var reader = RecordReader(bytes)
        let sequence = try reader.read(UInt64.self)
        let previous = try reader.read(fixed: 32)
        let event = try reader.readEvent(sequence, hasSource: false)
        try reader.finish()
        return EventBlock(previous: previous, events: [event])
    }

    /// From version 2 on: sequence of the first ‖ hash of the record before ‖ events, to the end.
    private static func decodeBlock(
        _ bytes: UnsafeRawBufferPointer, hasSources: Bool
    ) throws(RecordFault) -> EventBlock {
        var reader = RecordReader(bytes)
        let first = try reader.read(UInt64.self)
        let previous = try reader.read(fixed: 32)
        var events: [Event] = []
        repeat {
            let sequence = first &+ UInt64(events.count)
            events.append(try reader.readEvent(sequence, hasSource: hasSources))
        } while !reader.isAtEnd
        return EventBlock(previous: previous, events: events)
    }
}

extension RecordReader {
    fileprivate mutating func readEvent(
        _ sequence: UInt64, hasSource: Bool
    ) throws(RecordFault) -> Event {
        let at = try readInstant()
        let peer = Peer(uid: try read(), pid: try read())
        let app = try readText()
        let user = try readText()
        let op = try readText()
        let result = try readText()
        let method = try readText()
        let alert = try readText()
        let reason = try readText()
        let source = hasSource ? try readText() : ""
        guard method.isEmpty || CodeMethod(rawValue: method) != nil,
            alert.isEmpty || Alert(rawValue: alert) != nil
        else { throw .malformed }
        return Event(
            sequence: sequence, at: at, app: app, user: user,
            label: EventLabel(
                op: op, peer: peer, reason: reason.isEmpty ? nil : reason,
                source: source.isEmpty ? nil : source),
            result: result, method: CodeMethod(rawValue: method), alert: Alert(rawValue: alert))
    }
}
