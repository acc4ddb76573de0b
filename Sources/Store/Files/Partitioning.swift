// Finds a place in what is sorted. It must not be asked where nothing is.

extension RandomAccessCollection where Index == Int {
    /// The first index whose element is such; all before it are not, and all behind it are.
    func partitioningIndex(where isSuch: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isSuch(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
