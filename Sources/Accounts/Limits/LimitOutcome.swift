// What a decision about a limit comes to: the bucket afterwards, equal to the one before when
// nothing changed, and the answer. A limit has no event: it is asked for too often, and about
// nobody's account.

package struct LimitOutcome: Equatable, Sendable {
    package let bucket: LimitBucket
    package let answer: Result<LimitStatus, Refusal>

    static func refused(_ bucket: LimitBucket, _ refusal: Refusal) -> LimitOutcome {
        LimitOutcome(bucket: bucket, answer: .failure(refusal))
    }

    static func refused(
        _ bucket: LimitBucket, _ field: String, _ detail: String
    ) -> LimitOutcome {
        refused(bucket, Refusal(.badRequest, field: field, detail: detail))
    }
}
