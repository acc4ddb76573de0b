// Remembered devices in the factor record: hashes of tokens, never a token.

import Accounts

extension RecordWriter {
    /// What a device takes at most.
    static let deviceBytesMax =
        8 + 3 * 8 + 1 + 2 * DeviceProof.digestBytes + 2 + Policy.deviceLabelBytesMax

    mutating func append(_ devices: [Device]) {
        append(UInt8(devices.count))
        for device in devices {
            append(device.id.rawValue)
            append(text: device.label ?? "")
            append(device.createdAt.milliseconds)
            append(device.usedAt.milliseconds)
            append(fixed: device.current)
            append(UInt8(device.previous == nil ? 0 : 1) | (device.hasArrived ? 2 : 0))
            if let previous = device.previous { append(fixed: previous) }
        }
    }
}

extension RecordReader {
    mutating func readDevices(_ version: UInt8) throws(RecordFault) -> [Device] {
        var devices: [Device] = []
        for _ in 0..<(try read(UInt8.self)) {
            let id = try readDeviceID()
            let label = try readText()
            let createdAt = try readInstant()
            let usedAt = try readInstant()
            let current = try read(fixed: DeviceProof.digestBytes)
            // Whether there is one before, and since version 8 whether the newest has arrived.
            let flags = try read(UInt8.self)
            guard flags <= (version >= 8 ? 3 : 1) else { throw .malformed }
            let hasPrevious = flags & 1 != 0
            let previous = hasPrevious ? try read(fixed: DeviceProof.digestBytes) : nil
            devices.append(
                Device(
                    id: id, label: label.isEmpty ? nil : label, createdAt: createdAt,
                    usedAt: usedAt, current: current, previous: previous,
                    hasArrived: flags & 2 != 0))
        }
        return devices
    }
}
