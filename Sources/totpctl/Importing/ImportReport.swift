// How each row ended: all rows in a file, or the wrong ones on standard error. A line has the row's
// number, and nothing else of the row: that may be a secret.

import Glibc
import Secrets

final class ImportReport {
    private let path: String?
    /// Nil without a report, and from the first row on that it could not take.
    private var file: UnsafeMutablePointer<FILE>?
    /// What the report lacks, and why.
    private var loss: String?

    /// - Parameter path: of a file that must not exist yet; nil reports to standard error.
    init(path: String?) throws {
        self.path = path
        guard let path else { return }
        guard let file = fopen(path, "wxe") else {
            throw ControlFault("report '\(path)' cannot be made (\(errorText(errno)))")
        }
        self.file = file
    }

    deinit {
        if let file { fclose(file) }
    }

    /// - Parameter words: `in`, or what a dry run was told.
    func accepted(_ row: Int, _ words: String, _ warnings: [String]) {
        let columns = ["\(row)", words] + warnings.map { "warning: \($0)" }
        write(columns.joined(separator: "\t") + "\n", of: row)
        guard file == nil else { return }
        for warning in warnings { printError("row \(row): warning: \(warning)") }
    }

    func refused(_ row: Int, _ reason: String) {
        write("\(row)\tout\t\(reason)\n", of: row)
        if file == nil { printError("row \(row): \(reason)") }
    }

    /// Throws when the report that was asked for lacks a row.
    func finish() throws {
        if let file {
            self.file = nil
            if fsync(fileno(file)) != 0, errno != EINVAL { lose("its end") }
            if fclose(file) != 0 { lose("its end") }
        }
        guard let path, let loss else { return }
        throw ControlFault("report '\(path)' lacks \(loss)")
    }

    /// What the file cannot take goes to standard error, as without a report.
    private func write(_ line: String, of row: Int) {
        guard let file else { return }
        guard fputs(line, file) < 0 || fflush(file) != 0 else { return }
        lose("the rows from \(row) on")
        self.file = nil
        fclose(file)
        printError("totpctl: the report is full: the rows from \(row) on are reported here")
    }

    private func lose(_ what: String) {
        if loss == nil { loss = "\(what) (\(errorText(errno)))" }
    }
}
