// An event that does not open, or the first of several that were kept together.

struct UnreadableEvent: Decodable {
    let seq: Int

    func tell() { printError("totpctl: event \(seq) does not open") }
}
