// What those who write to an environment know, one of whom has it at a time.

struct WriterMemory {
    /// How many write transactions pass between two looks for readers that died.
    static let writesBetweenReaderChecks = 16
    var writes = 0
    /// As the last transaction left them; nil where that is not known.
    var copies: PageCopies?
}
