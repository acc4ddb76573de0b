// Draws the code as one SVG element for web pages. It has no label with the text: labels are read
// aloud, indexed and logged.

extension QRCode {
    /// One `<svg>` element without XML prolog, so that it can be pasted into HTML as it is.
    ///
    /// Nothing in it needs styles or scripts: a strict Content-Security-Policy lets it pass.
    package func svg() -> String {
        let frameModules = frame.count
        let pixels = frameModules * Self.pixelsPerModule

        // The edges are kept crisp because a blurred line between two dark rows misleads cameras.
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(pixels)" height="\(pixels)" \
            viewBox="0 0 \(frameModules) \(frameModules)" shape-rendering="crispEdges" \
            role="img" aria-label="QR code to scan with an authenticator app">\
            <rect width="\(frameModules)" height="\(frameModules)" fill="#fff"/>\
            <path fill="#000" d="\(darkRuns())"/></svg>
            """
    }

    /// Each horizontal run of dark modules as a closed box: shorter than a box for every module.
    private func darkRuns() -> String {
        var path = ""
        for row in 0..<side {
            var column = 0
            while column < side {
                let start = column
                while isDark(row: row, column: column) { column += 1 }
                let length = column - start
                if length > 0 {
                    let x = start + Self.quietModules
                    let y = row + Self.quietModules
                    path += "M\(x) \(y)h\(length)v1h-\(length)z"
                }
                column += 1
            }
        }
        return path
    }
}
