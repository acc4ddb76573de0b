// Why a store does not open, as a sentence.

import LMDBStore
import Secrets
import StoreHarness

extension OpeningRefusal {
    /// "none" of one that opens; it is closed again.
    static func sentence(of path: String, _ ring: KeyRing) -> String {
        do throws(OpeningRefusal) {
            try LMDBStore(
                path: path, ring: ring, at: Clock.start, mapBytes: Subject.mapBytes
            ).close()
            return "none"
        } catch {
            return error.description
        }
    }
}
