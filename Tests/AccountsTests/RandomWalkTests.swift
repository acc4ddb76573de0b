// Thousands of operations at random beside a very simple model: no step accepted twice, none older
// than one accepted, no code compared that the budget forbids.

import OneTimeCodes
import SeededRandom
import Testing

@testable import Accounts

@Suite struct RandomWalkTests {
    static let styles = [
        Walk.Style(name: "honest", wrong: 10, pauseMax: 40, clock: .steady),
        Walk.Style(name: "clumsy", wrong: 50, pauseMax: 60, clock: .steady),
        Walk.Style(name: "clock set back", wrong: 20, pauseMax: 60, clock: .setBack),
        Walk.Style(
            name: "guesser", wrong: 99, pauseMax: 7_000, clock: .steady, adminActs: false),
        Walk.Style(name: "guesser, clock set back", wrong: 97, pauseMax: 900, clock: .setBack),
        Walk.Style(name: "wild clock", wrong: 20, pauseMax: 60, clock: .wild),
        Walk.Style(name: "guesser, wild clock", wrong: 90, pauseMax: 300, clock: .wild),
    ]

    @Test(arguments: styles) func keepsThePromises(_ style: Walk.Style) {
        var generator = SeededGenerator.announced("keepsThePromises, \(style.name)")
        var answers: [String: Int] = [:]
        for _ in 0..<5 {
            var walk = Walk(style, SeededGenerator(seed: generator.next()))
            walk.run(1_000)
            answers.merge(walk.answers) { $0 + $1 }
        }
        print("\(style.name): \(answers.sorted { $0.key < $1.key })")
        // Something of everything happened, or the walk shows nothing.
        #expect(answers["wrong_code", default: 0] > 100)
        #expect(answers["yes", default: 0] > (style.adminActs ? 100 : 4))
        if style.wrong > 10 { #expect(answers["throttled", default: 0] > 10) }
        let late = answers["replayed", default: 0] + answers["clock_behind", default: 0]
        if style.wrong < 90 { #expect(late > 100) }
        if style.clockGoesBack { #expect(answers["clock_behind", default: 0] > 10) }
        if !style.adminActs { #expect(answers["locked", default: 0] > 100) }
    }

    @Test("the model itself sees a step accepted twice, an older one, and a guess too many")
    func theModelFails() {
        withKnownIssue {
            var model = WalkModel()
            model.accept(WalkModel.Use(secret: 0, step: 5), "")
            model.accept(WalkModel.Use(secret: 0, step: 5), "")
        }
        withKnownIssue {
            var model = WalkModel()
            model.accept(WalkModel.Use(secret: 0, step: 5), "")
            model.accept(WalkModel.Use(secret: 0, step: 4), "")
        }
        withKnownIssue {
            var model = WalkModel()
            for _ in 0..<5 { model.fail(at: Given.now) }
            model.expectAllowed(at: Given.now + .seconds(29), "")
        }
        withKnownIssue {
            var model = WalkModel()
            for _ in 0..<12 { model.compare(at: Given.now, clockRuns: true, "") }
        }
    }
}
