// What one party alone brings: most tests of the lane are not about turns.

import Store

extension WriterLane {
    func submit(_ submission: Submission) -> Bool { submit(submission, of: .house) }
}

extension WriterLane.Turns {
    mutating func append(_ submission: Submission) { append(submission, of: .house) }
}
