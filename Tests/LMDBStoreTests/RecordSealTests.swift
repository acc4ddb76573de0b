// A record is what its seal says, even where somebody writes to the file while it is opened.

import Glibc
import Secrets
import Store
import Synchronization
import Testing

@testable import LMDBStore

@Suite("A sealed record")
struct RecordSealTests {
    @Test("that changes while it is opened opens as it was sealed, or not at all")
    func changing() throws {
        let seal = RecordSeal(keys: .generate())
        let plain = (0..<4096).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let key = [UInt8](repeating: 1, count: 16)
        let sealed = plain.withUnsafeBytes { plain in
            key.withUnsafeBytes { seal.seal(plain, version: 1, in: .factors, at: $0) }
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: sealed.count, alignment: 16)
        memory.copyBytes(from: sealed)
        nonisolated(unsafe) let shared = memory
        let isOver = Mutex(false)
        let writer = JoinableThread(named: "writer") {
            // One byte in the midst of the cipher text, there and back.
            while !isOver.withLock({ $0 }) {
                for _ in 0..<1000 { shared[2048] ^= 0xff }
            }
        }
        var opened = 0
        for _ in 0..<20_000 {
            do throws(RecordFault) {
                let isSame = try key.withBytes { key throws(RecordFault) in
                    try seal.withOpened(
                        UnsafeRawBufferPointer(memory), version: 1, in: .factors, at: key
                    ) { $0.elementsEqual(plain) }
                }
                #expect(isSame)
                opened += 1
            } catch {
                #expect(error == .doesNotOpen)
            }
        }
        isOver.withLock { $0 = true }
        writer.join()
        memory.deallocate()
        #expect(opened > 0)
    }
}
