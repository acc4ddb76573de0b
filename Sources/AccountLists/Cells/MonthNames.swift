// What the months are called, in the languages that spreadsheets write them in.

enum MonthNames {
    /// Whether a word in small letters is a month, or how its name is shortened.
    static func contain(_ word: String) -> Bool { beginnings.contains(word) }

    /// Every name, and what it begins with, from three letters on; and those that are not shortened
    /// at their end.
    private static let beginnings: Set<String> = {
        var found: Set<String> = ["mrt", "mrz", "čvc", "čvn"]
        for name in names.split(whereSeparator: \.isWhitespace) {
            found.insert(String(name))
            for count in 3..<max(3, name.count) { found.insert(String(name.prefix(count))) }
        }
        return found
    }()

    /// Of the Unicode Common Locale Data Repository; those that others begin with left out.
    private static let names = """
        abril agosto agustus août aprile aprilie aprill apríla aprīlis aralık augusta augusti
        augusts augustus augusztus avgust avril ağustos balandis balandžio birželio birželis
        březen března czerwca czerwiec december decembra decembrie decembris desember desembre
        detsember dezember dezembro dicembre diciembre duben dubna décembre ekim elokuuta enero
        eylül febbraio febrero februarie february februára februāris fevereiro février gegužės
        gener gennaio giugno grudnia grudzień gruodis gruodžio haziran heinäkuuta helmikuuta
        huhtikuuta ianuarie iulie iunie jaanuar janeiro januari january januára janvier janvāris
        joulukuuta juillet juin julho julij juliol july june junho junij junio juny juuli juuni
        júla július júna június jūlijs jūnijs kasım kesäkuuta kolovoza kovas kovo květen května
        kwiecień kwietnia lapkritis lapkričio leden ledna liepa liepos lipanj lipca lipiec
        lipnja listopada listopadu lokakuuta luglio lutego luty maaliskuuta maart maggio maig
        maijs maio maja marca march marec maret marraskuuta mars martie marts marzec marzo março
        mayo mayıs mei mája május március märts märz nisan noiembrie november novembra novembre
        novembris novembro noviembre ocak october octobre octombrie octubre oktober oktobris
        oktoober október októbra ottobre outubro ožujak ožujka października prosinac prosinca
        prosince prosinec rugpjūtis rugpjūčio rugsėjis rugsėjo rujan rujna sausio sausis
        september septembra septembre septembrie septembris septiembre setembre setembro
        settembre sierpień sierpnia siječanj siječnja spalio spalis srpanj srpen srpna srpnja
        studeni studenoga styczeń stycznia svibanj svibnja syyskuuta szeptember tammikuuta
        temmuz toukokuuta travanj travnja vasario vasaris veebruar veljača veljače wrzesień
        września září április února července červenec června říjen října şubat απρίλιος απριλίου
        αυγούστου αύγουστος δεκέμβριος δεκεμβρίου ιανουάριος ιανουαρίου ιουλίου ιουνίου ιούλιος
        ιούνιος μάιος μάρτιος μαΐου μαρτίου νοέμβριος νοεμβρίου οκτωβρίου οκτώβριος σεπτέμβριος
        σεπτεμβρίου φεβρουάριος φεβρουαρίου августа апрель апреля април березень березня
        вересень вересня грудень грудня декабрь декабря декември децембар жовтень жовтня июль
        июля июнь июня квітень квітня липень липня листопада лютий лютого май марта мая мај
        новембар ноември ноябрь ноября октобар октомври октябрь октября сентябрь сентября
        септембар септември серпень серпня січень січня травень травня фебруар февраль февраля
        февруари червень червня юли юни январь января януари јануар јул јун אוגוסט אוקטובר אפריל
        דצמבר יולי יוני ינואר מאי מרץ נובמבר ספטמבר פברואר آوریل أبريل أغسطس أكتوبر اوت اکتبر
        دسامبر ديسمبر سبتمبر سپتامبر فبراير فوریه مارس مايو مه نوامبر نوفمبر يناير يوليو يونيو
        ژانویه ژوئن ژوئیه अक्टूबर अगस्त अप्रैल जनवरी जुलाई जून दिसंबर नवंबर फ़रवरी मई मार्च
        सितंबर กรกฎาคม กันยายน กุมภาพันธ์ ตุลาคม ธันวาคม พฤศจิกายน พฤษภาคม มกราคม มิถุนายน
        มีนาคม สิงหาคม เมษายน
        """
}
