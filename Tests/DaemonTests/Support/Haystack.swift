// Everything that the daemon leaves where somebody may look, and a search for secrets in it.

import DaemonHarness
import Foundation

struct Haystack {
    private var places: [(name: String, bytes: Data)] = []

    mutating func add(_ name: String, _ bytes: Data) { places.append((name, bytes)) }

    /// Every file under a directory.
    mutating func add(directory: String) throws {
        for name in try FileManager.default.subpathsOfDirectory(atPath: directory) {
            let path = "\(directory)/\(name)"
            guard let bytes = FileManager.default.contents(atPath: path) else { continue }
            add(path, bytes)
        }
    }

    /// A file that has no size, as those of /proc.
    mutating func add(process pid: pid_t, _ name: String) throws {
        let file = try Descriptor(open("/proc/\(pid)/\(name)", O_RDONLY | O_CLOEXEC), "open")
        var bytes = Data()
        while let more = try file.readNow(), !more.isEmpty { bytes.append(contentsOf: more) }
        add("/proc/…/\(name)", bytes)
    }

    var byteCount: Int { places.map(\.bytes.count).reduce(0, +) }

    /// The places where any of the needles is, in capitals or not.
    func places(of needles: [Needle]) -> [String] {
        needles.flatMap { needle in
            places.filter { Self.holds($0.bytes, needle.bytes) }.map {
                "\(needle.name) in \($0.name)"
            }
        }
    }

    /// By memchr(3) and memcmp(3): Foundation's search takes a second for a log that is 32 MiB of
    /// zeros.
    private static func holds(_ bytes: Data, _ needle: Data) -> Bool {
        bytes.withUnsafeBytes { bytes in
            needle.withUnsafeBytes { needle in
                guard let sought = needle.baseAddress, let first = needle.first else { return true }
                var rest = bytes[...]
                while rest.count >= needle.count, let start = rest.firstPlace(of: first) {
                    rest = bytes[start...]
                    guard rest.count >= needle.count else { return false }
                    let here = UnsafeRawBufferPointer(rebasing: rest).baseAddress
                    if let here, memcmp(here, sought, needle.count) == 0 { return true }
                    rest = rest.dropFirst()
                }
                return false
            }
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate func firstPlace(of byte: UInt8) -> Int? {
        let whole = UnsafeRawBufferPointer(rebasing: self)
        guard let begin = whole.baseAddress,
            let found = memchr(begin, Int32(byte), whole.count)
        else { return nil }
        return startIndex + (UnsafeRawPointer(found) - begin)
    }
}

/// Something that must not be found, and how to name it without showing it.
struct Needle {
    let name: String
    let bytes: Data

    /// A text in all the spellings that people use.
    static func text(_ name: String, _ text: String) -> [Needle] {
        let bare = text.filter { $0 != "-" && $0 != " " }
        return Set([text, text.lowercased(), text.uppercased(), bare, bare.uppercased()]).map {
            Needle(name: name, bytes: Data($0.utf8))
        }
    }

    /// Bytes as they are, in hexadecimal, and in base64.
    static func raw(_ name: String, _ bytes: [UInt8]) -> [Needle] {
        let hexadecimal = bytes.map { String(format: "%02x", $0) }.joined()
        return [Needle(name: name, bytes: Data(bytes))] + text(name, hexadecimal) + [
            Needle(name: name, bytes: Data(Data(bytes).base64EncodedString().utf8))
        ]
    }
}
