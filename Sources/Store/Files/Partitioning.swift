// Binary search in a sorted collection.

extension RandomAccessCollection where Index == Int {
    /// The first index whose element is such; all before it are not, and all behind it are.
    package func partitioningIndex(where isSuch: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isSuch(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
