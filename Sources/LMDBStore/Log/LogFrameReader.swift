// Reads frames back. It hands out entries only after the frame has authenticated.

import Accounts
import Secrets
import Store

struct LogFrameReader {
    struct Item {
        let table: Table
        let key: UnsafeRawBufferPointer
        /// Within the frame.
        let place: LogPlace

        func moved(by distance: Int) -> Item {
            Item(table: table, key: key, place: place.moved(by: distance))
        }
    }

    let header: LogFrameHeader
    let id: LogFrameID
    private let bytes: UnsafeRawBufferPointer

    /// A frame that this process has written or opened before. Throws when it is there no more.
    init(known bytes: UnsafeRawBufferPointer, at offset: Int) throws(RecordFault) {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        guard let header = LogFrameHeader(bytes) else { throw .malformed }
        self.init(header, bytes)
    }

    private init(_ header: LogFrameHeader, _ bytes: UnsafeRawBufferPointer) {
        self.header = header
        let covered = header.length - LogFrame.sealBytes
        self.bytes = UnsafeRawBufferPointer(rebasing: bytes[..<covered])
        let tag = bytes[(header.length - LogFrame.tagBytes)..<header.length]
        id = LogFrameID(sequence: header.sequence, tag: Array(tag))
    }

    /// Opens the frame that `bytes` begins with, and where the chain of events ended with it. Nil
    /// when there is no frame of this store, or not all of one.
    static func open(
        _ bytes: UnsafeRawBufferPointer, _ seal: RecordSeal
    ) -> (LogFrameReader, EventHead)? {
        guard let header = LogFrameHeader(bytes), let key = seal.keys.recordKey(header.key) else {
            return nil
        }
        let covered = header.length - LogFrame.sealBytes
        let trailer = UnsafeRawBufferPointer(rebasing: bytes[covered..<header.length])
        do throws(OpeningFault) {
            let plain = try key.sealing.open(
                trailer, associatedData: UnsafeRawBufferPointer(rebasing: bytes[..<covered]))
            let head = plain.withBytes { plain in
                EventHead(
                    sequence: UInt64(bigEndian: plain.loadUnaligned(as: UInt64.self)),
                    hash: Array(plain[8...]))
            }
            return (LogFrameReader(header, bytes), head)
        } catch {
            return nil
        }
    }

    /// Visits the entries in their order.
    ///
    /// Throws `malformed` for what an authentic frame cannot hold: it was written by a version that
    /// this one does not know.
    func forEach<Failure: Error>(
        _ body: (Item) throws(Failure) -> Void
    ) throws {
        var offset = LogFrame.headerBytes
        while offset < bytes.count {
            guard let table = Table(rawValue: bytes[offset]) else { throw RecordFault.malformed }
            let place = offset + 1 + table.keyBytes
            guard place + LogPlace.lengthBytes <= bytes.count else { throw RecordFault.malformed }
            let count = Int(bytes[place]) << 8 | Int(bytes[place + 1])
            let end = place + LogPlace.lengthBytes + count
            guard end <= bytes.count else { throw RecordFault.malformed }
            let key = UnsafeRawBufferPointer(rebasing: bytes[(offset + 1)..<place])
            try body(Item(table: table, key: key, place: LogPlace(offset: UInt32(place))))
            offset = end
        }
    }
}
