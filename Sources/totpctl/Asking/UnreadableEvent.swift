// An event that does not open or is missing, or the first of several that follow each other.

struct UnreadableEvent: Decodable {
    let seq: Int

    func tell() { printError("totpctl: event \(seq) does not open, or is missing") }
}
