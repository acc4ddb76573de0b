// Which frames of the log are on the disk, while several flushes are under way that end in any
// order. A frame is on the disk once a flush that began after it was written has ended well, and so
// have all flushes that began before that one.

struct FlushOrder {
    /// A frame, and the last event there is with it.
    struct Position: Equatable {
        let frame: UInt64
        let event: UInt64
    }

    /// One that has begun.
    struct Flush: Equatable {
        fileprivate let number: Int
        /// The last frame that was written by then.
        let covers: Position
    }

    private struct UnderWay {
        let flush: Flush
        var hasEnded = false
    }

    /// The last frame that was written.
    private(set) var written: Position
    /// Everything up to here would survive a loss of power.
    private(set) var flushed: Position
    /// The last frame that a flush covers which has begun.
    private var covered: UInt64
    /// In the order in which they began. An earlier one has to end before a later one counts: of a
    /// write that failed the kernel tells each file description once (fsync(2)).
    private var underWay: [UnderWay] = []
    private var begun = 0

    /// - Parameter position: everything up to here is on the disk.
    init(at position: Position) {
        (written, flushed, covered) = (position, position, position.frame)
    }

    /// The next frame was written.
    mutating func wrote(_ position: Position) {
        precondition(position.frame == written.frame + 1, "frames are written one after the other")
        written = position
    }

    /// Whether a frame was written that no flush covers.
    var needsFlush: Bool { covered < written.frame }

    /// Frames that were written, and are not known to be on the disk.
    var inFlight: Int { Int(written.frame - flushed.frame) }

    /// A flush begins: it covers whatever is written by now.
    mutating func begin() -> Flush {
        begun += 1
        let flush = Flush(number: begun, covers: written)
        underWay.append(UnderWay(flush: flush))
        covered = written.frame
        return flush
    }

    /// A flush has ended well.
    mutating func end(_ flush: Flush) {
        guard let place = underWay.firstIndex(where: { $0.flush == flush }) else {
            preconditionFailure("a flush ends once")
        }
        underWay[place].hasEnded = true
        while let first = underWay.first, first.hasEnded {
            flushed = first.flush.covers
            underWay.removeFirst()
        }
    }
}
