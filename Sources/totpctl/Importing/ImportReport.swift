// How each row ended: all rows in a file, or the wrong ones on standard error. A line has the row's
// number, and nothing else of the row: that may be a secret.

import Glibc
import Secrets

final class ImportReport {
    private let file: UnsafeMutablePointer<FILE>?

    /// - Parameter path: of a file that must not exist yet; nil reports to standard error.
    init(path: String?) throws {
        guard let path else {
            file = nil
            return
        }
        guard let file = fopen(path, "wxe") else {
            throw ControlFault("report '\(path)' cannot be made (\(errorText(errno)))")
        }
        self.file = file
    }

    deinit {
        if let file { fclose(file) }
    }

    /// - Parameter words: `in`, or what a dry run was told.
    func accepted(_ row: Int, _ words: String, _ warnings: [String]) throws {
        if file == nil {
            for warning in warnings { printError("row \(row): warning: \(warning)") }
        }
        let columns = ["\(row)", words] + warnings.map { "warning: \($0)" }
        try write(columns.joined(separator: "\t") + "\n")
    }

    func refused(_ row: Int, _ reason: String) throws {
        guard file != nil else { return printError("row \(row): \(reason)") }
        try write("\(row)\tout\t\(reason)\n")
    }

    private func write(_ line: String) throws {
        guard let file else { return }
        guard fputs(line, file) >= 0, fflush(file) == 0 else {
            throw ControlFault("the report cannot be written (\(errorText(errno)))")
        }
    }
}
