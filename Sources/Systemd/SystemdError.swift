// Why a conversation with systemd failed, for the person who wrote the unit. It names credentials,
// and never shows what is in them.

import Glibc

package enum SystemdError: Error, Equatable {
    /// A system call failed with this `errno`.
    case callFailed(call: String, code: Int32)
    /// A variable that comes together with another is not there.
    case variableMissing(name: String)
    /// A variable is there and cannot be right.
    case variableMalformed(name: String, value: String)
    /// The sockets were passed to another process: what has their numbers here is something else.
    case listenersOfAnotherProcess(theirs: Int32, ours: Int32)
    /// More or fewer names than descriptors.
    case listenerNamesUneven(names: Int, descriptors: Int)
    /// A descriptor is not a Unix stream socket that listens.
    case listenerUnfit(name: String, descriptor: Int32, reason: String)
    /// systemd drops notifications longer than `Notify.stateBytesMax`.
    case stateTooLong(bytes: Int)
    /// A credential's name that would lead out of the credentials' directory.
    case credentialNameUnfit(name: String)
}

extension SystemdError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .callFailed(let call, let code):
            "\(call) failed: \(explanation(of: code))"
        case .variableMissing(let name):
            "the environment has no \(name), though its companion is set"
        case .variableMalformed(let name, let value):
            "the environment has a malformed \(name): \(quoted(value))"
        case .listenersOfAnotherProcess(let theirs, let ours):
            "LISTEN_PID names process \(theirs), this is \(ours): start it without a wrapper"
        case .listenerNamesUneven(let names, let descriptors):
            "LISTEN_FDNAMES has \(names) names for \(descriptors) descriptors"
        case .listenerUnfit(let name, let descriptor, let reason):
            "the socket \(quoted(name)) (descriptor \(descriptor)) is unfit: \(reason)"
        case .stateTooLong(let bytes):
            "a notification has \(bytes) bytes, systemd takes \(Notify.stateBytesMax)"
        case .credentialNameUnfit(let name):
            "a credential cannot be called \(quoted(name))"
        }
    }
}

/// The C library's words for an `errno`.
private func explanation(of code: Int32) -> String {
    guard let words = strerror(code) else { return "errno \(code)" }
    return "\(String(cString: words)) (errno \(code))"
}

/// Unknown input goes into messages cut short and on one line.
private func quoted(_ text: String) -> String {
    "\"" + String(decoding: oneLine(text, bytesMax: 128), as: UTF8.self) + "\""
}
