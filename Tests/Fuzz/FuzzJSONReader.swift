// Feeds the reader what libFuzzer thinks of, and writes back what was accepted. It stops at a fault
// that points outside the text or cannot be printed, and at a value that comes back changed.

// From the top of the package (the reader is compiled into the same module; 60 seconds):
//
//     swiftc -parse-as-library -O -sanitize=fuzzer,address -package-name totpd \
//         Sources/JSON/*.swift Tests/Fuzz/FuzzJSONReader.swift -o .build/fuzz-json-reader
//     SWIFT_BACKTRACE=enable=no .build/fuzz-json-reader -max_total_time=60 -max_len=512

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzJSONReader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    do throws(JSONFault) {
        let fields = try JSONReader.object(from: bytes)
        checkRoundTrip(fields)
    } catch {
        precondition((0...count).contains(error.offset), "a fault outside the text")
        precondition((error.field ?? "").utf8.count <= JSONFault.fieldBytesMax, "a long name")
        let isPrintable = error.detail.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        precondition(isPrintable, "a detail that cannot be printed")
    }
    return 0
}

private func checkRoundTrip(_ fields: [JSONField]) {
    for field in fields {
        var writer = JSONWriter(reserving: 64)
        writer.begin()
        writer.field("name", field.name)
        writer.field("value", field.value)
        writer.end()

        // The value is at the depth where it was, so that the limits allow it again.
        writer.bytes.withUnsafeBytes { written in
            do throws(JSONFault) {
                let again = try JSONReader.object(from: written)
                precondition(isSame(again[0].value, .string(field.name)), "a name has changed")
                precondition(isSame(again[1].value, field.value), "a value has changed")
            } catch {
                preconditionFailure("what the writer wrote is refused: \(error.detail)")
            }
        }
    }
}

/// Byte by byte, as `==` on strings is not.
private func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.array(let left), .array(let right)):
        left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
    case (.object(let left), .object(let right)):
        left.count == right.count
            && zip(left, right).allSatisfy {
                $0.name.utf8.elementsEqual($1.name.utf8) && isSame($0.value, $1.value)
            }
    case (.null, _), (.bool, _), (.integer, _), (.string, _), (.array, _), (.object, _): false
    }
}
