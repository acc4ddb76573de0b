// One of the log's two files. It is full of zeros before it is used, and becomes longer only while
// it is folded. So a small durable write is one flush, and allocates nothing.

import Glibc
import Secrets

final class LogSegment {
    /// Frames begin at multiples of this: the least a disk writes at once.
    static let sectorBytes = 512

    static func paths(in directory: String) -> [String] {
        ["log.0", "log.1"].map { directory + "/" + $0 }
    }

    let path: String
    private let descriptor: Int32
    /// One for each thread that flushes: a write that failed is told of once to each (fsync(2)).
    private var flushDescriptors: [Int32] = []
    private let isCopy: Bool
    /// The file as memory, to read. Written to by `write` alone.
    private(set) var bytes: UnsafeRawBufferPointer
    /// How long the file was when it was opened.
    let foundBytes: Int

    /// Opens a segment, makes it, or makes it longer, so that it has `size` bytes at least.
    init(path: String, size: Int) throws(LogFault) {
        precondition(size > 0 && size.isMultiple(of: Self.sectorBytes))
        self.path = path
        isCopy = false
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
        descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { throw LogFault(call: "open", errno: errno) }
        bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        do {
            foundBytes = try Self.length(of: descriptor)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        do {
            try grow(to: size)
            // What is read from here on may lie in the page cache alone, if the process that wrote
            // it was killed before it was flushed.
            try flush()
            try openFlushDescriptors()
            try map()
        } catch {
            closeAll()
            throw error
        }
    }

    private func openFlushDescriptors() throws(LogFault) {
        for _ in 0..<FlushThreads.count {
            let another = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
            guard another >= 0 else { throw LogFault(call: "open", errno: errno) }
            flushDescriptors.append(another)
        }
    }

    private func closeAll() {
        for one in flushDescriptors { Glibc.close(one) }
        Glibc.close(descriptor)
    }

    /// Copies a segment into memory, to look at only; nil when there is none. A copy, because a
    /// daemon that serves would write over what is being looked at.
    init?(copyOf path: String) throws(LogFault) {
        self.path = path
        isCopy = true
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw LogFault(call: "open", errno: errno)
        }
        do {
            foundBytes = try Self.length(of: descriptor)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        do {
            try map()
        } catch {
            unmap()
            Glibc.close(descriptor)
            throw error
        }
    }

    /// Whether a file was ever written to, by whomever; false when there is none.
    static func holdsFrames(_ path: String) throws(LogFault) -> Bool {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return false }
            throw LogFault(call: "open", errno: errno)
        }
        defer { Glibc.close(file) }
        var begin = [UInt8](repeating: 0, count: LogFrame.magic.count)
        let count = pread(file, &begin, begin.count, 0)
        guard count >= 0 else { throw LogFault(call: "pread", errno: errno) }
        return begin == LogFrame.magic
    }

    deinit {
        unmap()
        closeAll()
    }

    // MARK: Writing

    /// Writes; a flush that begins later makes it durable. When this throws, what lies at `offset`
    /// is unknown.
    func write(_ frame: UnsafeRawBufferPointer, at offset: Int) throws(LogFault) {
        precondition(offset >= 0 && frame.count <= bytes.count - offset, "past the segment's end")
        try put(frame, at: offset)
    }

    /// Makes durable what was written before this began. By one thread at a time.
    func flush() throws(LogFault) { try Self.flush(descriptor) }

    /// The same, by a thread that flushes.
    func flush(on thread: Int) throws(LogFault) { try Self.flush(flushDescriptors[thread]) }

    private static func flush(_ descriptor: Int32) throws(LogFault) {
        guard fdatasync(descriptor) == 0 else {
            throw LogFault(call: "fdatasync", errno: errno)
        }
    }

    private func put(_ source: UnsafeRawBufferPointer, at offset: Int) throws(LogFault) {
        var done = 0
        while done < source.count {
            let rest = UnsafeRawBufferPointer(rebasing: source[done...])
            let written = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if written < 0 {
                if errno == EINTR { continue }
                throw LogFault(call: "pwrite", errno: errno)
            }
            done += written
        }
    }

    // MARK: Size

    /// Makes the file longer, with zeros on the disk; `remap` makes the new length usable.
    ///
    /// Zeros and not fallocate(2): a block that is allocated but was never written has to be marked
    /// as written at its first use, which costs the flush another round trip through the journal.
    func grow(to size: Int) throws(LogFault) {
        var end = try Self.length(of: descriptor)
        guard end < size else { return }
        let zeros = [UInt8](repeating: 0, count: Self.growStep)
        while end < size {
            let step = min(Self.growStep, size - end)
            try zeros.withBytes { zeros throws(LogFault) in
                try put(UnsafeRawBufferPointer(rebasing: zeros[..<step]), at: end)
            }
            end += step
            // Each by itself: a batch that flushes meanwhile waits for one of them, not for all.
            try flush()
        }
    }

    private static let growStep = 1 << 20

    /// In whole sectors: what a crash left of an attempt to grow may end in the middle of one.
    private static func length(of descriptor: Int32) throws(LogFault) -> Int {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw LogFault(call: "fstat", errno: errno) }
        return Int(info.st_size) / sectorBytes * sectorBytes
    }

    /// Takes up the length that `grow` gave the file. Nothing may be reading `bytes`.
    func remap() throws(LogFault) {
        guard !isCopy else { return }
        unmap()
        try map()
    }

    private func map() throws(LogFault) {
        let size = try Self.length(of: descriptor)
        guard size > 0 else { return }
        let start =
            isCopy
            ? mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            : mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let start, start != MAP_FAILED else { throw LogFault(call: "mmap", errno: errno) }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
        if isCopy { try copy(to: start, size) }
    }

    private func copy(to start: UnsafeMutableRawPointer, _ size: Int) throws(LogFault) {
        var done = 0
        while done < size {
            let count = pread(descriptor, start + done, size - done, off_t(done))
            if count < 0, errno == EINTR { continue }
            // A file becomes no shorter: its end comes first only where the disk fails.
            guard count > 0 else { throw LogFault(call: "pread", errno: count < 0 ? errno : EIO) }
            done += count
        }
    }

    private func unmap() {
        guard let start = bytes.baseAddress else { return }
        munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
        bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    }
}
