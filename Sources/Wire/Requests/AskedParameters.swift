// How a secret's codes shall be made, as far as a request says it.

import OneTimeCodes

package struct AskedParameters: Sendable {
    let algorithm: CodeAlgorithm?
    let digits: Int?
    let period: Int?

    /// What was asked, and where nothing was, what is usual.
    package func over(_ usual: CodeParameters) -> CodeParameters {
        guard
            let parameters = CodeParameters(
                algorithm: algorithm ?? usual.algorithm, digits: digits ?? usual.digits,
                period: period ?? usual.period)
        else {
            // Of the request by `Fields.integer`, of the configuration by its own reader.
            preconditionFailure("both ranges were checked when the request was read")
        }
        return parameters
    }
}
