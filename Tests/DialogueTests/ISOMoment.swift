// Moments as dialogues write them, and as libfaketime reads them: a calendar of our own, so that no
// time zone comes in.

import Accounts

enum ISOMoment {
    /// Reads `2026-01-01T00:00:00Z`, and no other form.
    static func parse(_ text: Substring) -> Instant? {
        let pattern = Array("0000-00-00T00:00:00Z".utf8)
        let bytes = Array(text.utf8)
        let zero = UInt8(ascii: "0")
        guard bytes.count == pattern.count else { return nil }
        for (byte, sign) in zip(bytes, pattern) {
            let isDigit = (zero...UInt8(ascii: "9")).contains(byte)
            guard sign == zero ? isDigit : byte == sign else { return nil }
        }
        func number(_ range: Range<Int>) -> Int64 {
            bytes[range].reduce(0) { $0 * 10 + Int64($1 - zero) }
        }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard (1970...2999) ~= year, (1...12) ~= month, day >= 1,
            day <= daysInMonth(month, of: year), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = daysBefore(year: year) + (1..<month).reduce(0) { $0 + daysInMonth($1, of: year) }
        let seconds = ((days + day - 1) * 24 + hour) * 3600 + minute * 60 + second
        return Instant(seconds: seconds)
    }

    /// `2026-01-01 00:00:00`: for libfaketime a clock that stands still.
    static func frozen(_ moment: Instant) -> String {
        var days = moment.seconds / 86_400
        var year: Int64 = 1970
        while days >= (isLeap(year) ? 366 : 365) {
            days -= isLeap(year) ? 366 : 365
            year += 1
        }
        var month: Int64 = 1
        while days >= daysInMonth(month, of: year) {
            days -= daysInMonth(month, of: year)
            month += 1
        }
        let rest = moment.seconds % 86_400
        let date = [year, month, days + 1].map(twoDigits).joined(separator: "-")
        let time = [rest / 3600, rest / 60 % 60, rest % 60].map(twoDigits).joined(separator: ":")
        return "\(date) \(time)"
    }

    private static func twoDigits(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func daysInMonth(_ month: Int64, of year: Int64) -> Int64 {
        if month == 2 { return isLeap(year) ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private static func daysBefore(year: Int64) -> Int64 {
        (1970..<year).reduce(0) { $0 + (isLeap($1) ? 366 : 365) }
    }
}
