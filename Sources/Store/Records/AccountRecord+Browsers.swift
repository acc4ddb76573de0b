// Known browsers in the guard record: hashes of tokens, never a token.

import Accounts

extension RecordWriter {
    mutating func append(_ browsers: [KnownBrowser]) {
        append(UInt8(browsers.count))
        for browser in browsers {
            append(browser.id.rawValue)
            append(fixed: browser.digest)
            append(browser.createdAt.milliseconds)
            append(browser.failures)
            append(browser.waitsUntil.milliseconds)
        }
    }
}

extension RecordReader {
    mutating func readBrowsers() throws(RecordFault) -> [KnownBrowser] {
        var browsers: [KnownBrowser] = []
        for _ in 0..<(try read(UInt8.self)) {
            let id = try readBrowserID()
            let digest = try read(fixed: BrowserProof.digestBytes)
            let createdAt = try readInstant()
            let failures = try read(UInt8.self)
            // One that has failed so often has ended.
            guard failures < Policy.browserFailuresMax else { throw .malformed }
            browsers.append(
                KnownBrowser(
                    id: id, digest: digest, createdAt: createdAt, failures: failures,
                    waitsUntil: try readInstant()))
        }
        return browsers
    }

    mutating func readBrowserID() throws(RecordFault) -> BrowserID {
        BrowserID(rawValue: try read(UInt64.self))
    }
}
