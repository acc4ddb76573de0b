// Moments as people read them, against dates that date(1) gave.

import Testing

@testable import Accounts

@Suite("A moment's text") struct InstantTextTests {
    @Test(
        "is its date and time in UTC",
        arguments: [
            (-1, "1969-12-31T23:59:59Z"), (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"), (1_767_225_600, "2026-01-01T00:00:00Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"), (1_835_438_583, "2028-02-29T12:03:03Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"), (-62_167_219_200, "0000-01-01T00:00:00Z"),
        ])
    func text(seconds: Int64, text: String) {
        #expect(Instant(seconds: seconds).text == text)
    }

    @Test("is rounded down to the second")
    func rounded() {
        #expect(Instant(milliseconds: 999).text == "1970-01-01T00:00:00Z")
        #expect(Instant(milliseconds: -1).text == "1969-12-31T23:59:59Z")
    }
}
