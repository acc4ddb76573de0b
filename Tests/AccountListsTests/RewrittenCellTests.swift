// Users that a spreadsheet rewrote, in the languages it writes, and honest ones that look a little
// like them.

import Testing

@testable import AccountLists

@Suite("Cells that a spreadsheet rewrote")
struct RewrittenCellTests {
    static let rewritten = [
        // Dates.
        "2026年12月1日", "2026年12月", "2026年", "12月1日", "12月", "令和8年12月1日", "2026년 12월 1일",
        "12월 1일", "2026年12月1日星期二", "янв.26", "янв 26", "1 янв. 2026 г.", "01.янв", "1-янв",
        "1 декабря 2026 г.", "December 1, 2026", "Dec 1, 2026", "December 1", "1 December 2026",
        "1st December 2026", "Tuesday, December 1, 2026", "Dienstag, 1. Dezember 2026",
        "mardi 1 décembre 2026", "1 de diciembre de 2026", "1-dic-26", "1-gru", "gru-26",
        "1. prosince 2026", "1-joulu", "2026. dec. 1.", "dec.26", "1-Ara", "Ara.26", "Δεκ-26",
        "1-Δεκ", "01-déc", "1-fév", "Févr-26", "sept-26", "1-Eki", "18-лис", "лист.26", "1-okt",
        "des. 26", "1-Mai", "Mrz 26", "1-mrt", "2026/12", "12/2026", "2026-12", "12.2026", "1.1.",
        "1.12.", "1. 1.", "1/12", "01/12", "12/31", "2026. 12. 1.", "2026. 12. 01", "1. 12. 2026",
        "01.12.2026 12:30", "2026-12-01T12:30", "12/1/2026 0:00", "١/١٢/٢٠٢٦", "2026.12.01.",
        "Di, 01.12.2026", "2026-Dec-01", "Dec '26",
        // Times.
        "12:30:00", "12:30", "0:00", "36:00:00", "12:30:00,5", "1:30 p.m.", "1:30 μμ", "下午1:30",
        "午後 1:30", "오후 1:30", "12時30分", "12.30.00", "PM 1:30",
        // Numbers.
        "4010.9999999999995", "4011.5", "4011,5", "1.5", "-4011.5", ".5", "4.01E 03", "4,01E+03",
        "4.01E+03", "4E+03", "4.01e-3", "4,01Е+03", "4.01×10^3", "1.2345678901234567e+19",
        "12345678901234567000", "1234567890123450", "123456789012345000", "123456789012345680",
        "٤٬٠١١", "4,011", "4 011,00", "1/2", "4 1/2",
        // Parts and money.
        "12%", "12 %", "12,5%", "%12", "-12%", "+12%", "12٪", "1.200%", "$12", "€12", "12€", "12 €",
        "-$12.00", "$-12", "£12.50", "¥12", "₹ 12", "12 ₽", "R$ 12,00", "US$12", "12 kr", "kr 12",
        "12,00 zł", "12 Kč", "12,00kr", "CHF 12.00", "12 EUR", "12.00 USD", "1'200.00 CHF",
        "12 Ft", "1 200 руб.", "￥12",
        // Values that are none, and truth.
        "#####", "########", "#ERROR!", "#ЗНАЧ!", "#ССЫЛКА!", "#DIV/0!", "Err:502", "Ошибка:508",
        "Erreur :509", "TRUE", "FALSE", "WAHR", "FALSCH", "VRAI", "FAUX", "VERDADERO", "FALSO",
        "VERO", "VERDADEIRO", "WAAR", "ONWAAR", "SAND", "SANT", "USANN", "TOSI", "PRAWDA", "FAŁSZ",
        "PRAVDA", "IGAZ", "HAMIS", "ADEVĂRAT", "ИСТИНА", "ЛОЖЬ", "DOĞRU", "YANLIŞ", "ΨΕΥΔΕΣ", "真",
        "—", "…", "–", "«»",
        // Signs of a list, and letters of another alphabet.
        "- ada", "– ada", "— ada", "1. ada", "12) ada", "-1", "-4011", "Ꭺda", "ａｄａ",
        "ada＠example.org",
        "ﬁona", "𝐚𝐝𝐚", "аdmin", "adа", "Αda", "pаypal-1",
    ]

    /// What programs leave.
    static let leftovers = [
        "ada%40example.org", "a%20b", "ada\\n", "ada\\r", "\\u0061da", "j\\u00fcrgen", "${user}",
        "$(user)",
        "%USERNAME%", "%s", "%d", "X'616461'", "0x616461", "Loading...", "a-very-long-na…",
        "ada@example.org (Ada)", "ada@example.org;bob@example.org", "ada@example.org bob",
        "Ada ada@example.org", "inf", "-Infinity", "yes", "NO",
    ]

    @Test("do not come in", arguments: rewritten + leftovers)
    func doNotComeIn(_ user: String) throws {
        let found = try Rows.user("user,secret\n\"\(user)\",\(Rows.secret)\n")
        #expect(found == nil)
    }

    static let honest = [
        "4011", "007", "0", "123456789012345", "1234567890123456", "12345678901234567",
        "ada@example.org", "12.2026@example.org", "1-dec@example.org", "müller", "müller2",
        "müller-12", "0c7f1b2e-1d1e-4a7e-9d1f-1b2c3d4e5f60",
        "12345678-1234-1234-1234-123456789012", "1e7f1b2e-1d1e-4a7e-9d1f-000000000000",
        "507f1f77bcf86cd799439011", "+4917012345", "+49 170 12345", "+49-170-12345",
        "+49.170.12345", "0170 1234567", "0170-1234567", "0170/1234567", "01.23.45.67.89",
        "555-123-4567", "+1 (555) 123-4567", "名前", "李小龙", "田中12", "王伟", "김철수", "김철수2",
        "月野うさぎ", "日向12", "иванов", "иван.петров", "Иванов И.", "иванов-2", "май", "Майя",
        "Мария 2", "Jan", "jan12", "Jan Novák", "April", "april.12b", "ada-jan-1", "mar1",
        "Mai-Ly", "May Flower 2", "Augustin-12", "Julian 12", "Martin 12", "Martina-2026",
        "octavia-26", "SEPTIMUS-1", "10.0.0.1", "1.2.3", "v1.10", "1.2.3.4.5", "fe80::1",
        "00:11:22:33:44:55", "a:b", "0xdeadbeef", "0xada",
        "0x52908400098527886E0F7030069857D2E4169EE7", "EXAMPLE\\nadja", "EXAMPLE\\ada", "ada...b",
        "shop1:42", "pc12$", "host$", "room 12", "12-steps",
        "4711-ada", "12-34", "A-Jan", "12345.678-9", "12.345.678-5", "756.1234.5678.97",
        "123.456.789-09", "S-1-5-21-3623811015-3361044348-30300820-1013", "E5", "5e", "12eur",
        "kr12", "e12e", "user_12%", "100% ada", "C++", "3年2組5番", "IT-отдел", "Ada (2)", "ada.2",
        "ada 2", "2ada", "12th-man", "Wahrheit", "Vrain", "Sandra", "Ωμέγα", "Ðorđe", "Straße 5b",
    ]

    @Test("honest names come in, as they are", arguments: honest)
    func comeIn(_ user: String) throws {
        let found = try Rows.user("user,secret\n\"\(user)\",\(Rows.secret)\n")
        #expect(found.map { Array($0.utf8) } == Array(user.utf8))
    }

    @Test("a header amid the rows is no row, and one of other columns ends the list")
    func headers() throws {
        let row = "ada,\(Rows.secret)\n"
        let again = try Rows.of("user,secret\n\(row)User , SECRET\nbob,\(Rows.secret)\n")
        #expect(again.map { $0.prefix(12) } == ["2: ada GEZDG", "3: wrong: it", "4: bob GEZDG"])
        let twice = try Rows.of("user,secret\nusername,secret\n\(row)")
        #expect(twice[0].hasPrefix("2: wrong: it repeats the header") && twice.count == 2)
        for other in ["secret,user", "user,secret,digits", "otpauth", "app,user,secret"] {
            let fault = #expect(throws: ListFault.self) {
                try Rows.of("user,secret\n\(row)\(other)\n\(row)")
            }
            #expect(fault?.description.hasPrefix("line 3: a second header") == true)
        }
        // `secret` as somebody's name is no header.
        #expect(try Rows.user("user,secret\nsecret,\(Rows.secret)\n") == "secret")
    }
}
