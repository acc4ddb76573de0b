// In which direction the records of a table are visited, and from where.

enum ScanDirection {
    /// From the first key that is not before the one given.
    case forward
    /// The same, and the key before that one as well, if the one given is not there.
    case forwardFromBefore
    /// Backwards, from the last key that is not behind the one given.
    case backward
}
