// Calls of OpenSSL that fail only when OpenSSL is broken or memory is out. There is no
// safe way on, so the process ends.

func require<Value>(_ value: Value?, _ what: String) -> Value {
    guard let value else { preconditionFailure("OpenSSL could not provide \(what)") }
    return value
}

func require(_ status: Int32, _ what: String) {
    guard status == 1 else { preconditionFailure("OpenSSL failed at \(what)") }
}
