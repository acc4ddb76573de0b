// What became of an import's rows, in numbers, and in one sentence for each that is not nought. The
// first must always say how many rows there were.

struct ImportCounts {
    var isIn = 0
    var wrong = 0
    /// Of those that are in: the very factor was there before. Only a dry run is told.
    var kept = 0
    /// Of those that could come in: another factor would go.
    var replaced = 0
    /// Of those that are wrong: another factor is there.
    var enrolledOtherwise = 0

    func text(isDryRun: Bool) -> String {
        let verb = isDryRun ? "could come in" : "are in"
        var lines = [
            "\(isIn) accounts \(verb), \(wrong) rows are wrong or were refused, of \(isIn + wrong)"
        ]
        if kept > 0 { lines.append("\(kept) of them are there already, as they are in the file") }
        if replaced > 0 {
            lines.append("\(replaced) of them have another factor, which they would lose")
        }
        if enrolledOtherwise > 0 {
            lines.append(
                "\(enrolledOtherwise) have another factor already, or other backup codes; "
                    + "--replace gives another factor")
        }
        return lines.joined(separator: "\n")
    }
}
