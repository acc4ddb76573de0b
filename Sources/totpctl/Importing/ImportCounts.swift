// How an import's rows ended, in numbers: a line with all rows, and one for each number that is not
// zero.

struct ImportCounts {
    var isIn = 0
    var wrong = 0
    /// Of those that are in: the very factor was there before. Only a dry run is told.
    var kept = 0
    /// Of those that are in, or could be: no code of theirs is taken yet.
    var behind = 0
    /// Of those that could come in: another factor would go.
    var replaced = 0
    /// Of those that are wrong: another factor is there.
    var enrolledOtherwise = 0

    func text(isDryRun: Bool) -> String {
        let verb = isDryRun ? "could come in" : "are in"
        var lines = [
            "\(isIn) accounts \(verb), \(wrong) rows are wrong or were refused, of \(isIn + wrong)"
        ]
        if kept > 0 { lines.append("\(kept) of them are there already, the same as in the file") }
        if behind > 0 {
            let cannot = isDryRun ? "could not" : "cannot"
            lines.append(
                "\(behind) of them \(cannot) log in yet, because totpd's clock was ahead once; "
                    + "hint: their rows say for how long; a new enrolment works at once; "
                    + "reset --forget-future, and another import, helps a user whose own code was "
                    + "accepted then")
        }
        if replaced > 0 {
            lines.append("\(replaced) of them have another factor, which would be replaced")
        }
        if enrolledOtherwise > 0 {
            lines.append(
                "\(enrolledOtherwise) have another factor, or other backup codes; "
                    + "--replace replaces another factor")
        }
        return lines.joined(separator: "\n")
    }
}
