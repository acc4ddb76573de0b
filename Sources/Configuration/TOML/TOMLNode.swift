// A value of a TOML text, and the line it stands in: an error names the line.

package struct TOMLNode {
    package let value: TOMLValue
    /// Where its key, or its header, stands; from 1.
    package let line: Int
}
