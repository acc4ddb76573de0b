// The build id of the program that runs, as the linker left it in a note (elf(5), NT_GNU_BUILD_ID).

import CLinux

enum BuildID {
    /// Empty for a program without one.
    static var ofThisProgram: [UInt8] {
        let program = linux_program_header()
        // Elf64_Ehdr: e_phoff, e_phentsize, e_phnum.
        let table = Int(program.load(fromByteOffset: 32, as: UInt64.self))
        let size = Int(program.load(fromByteOffset: 54, as: UInt16.self))
        let count = Int(program.load(fromByteOffset: 56, as: UInt16.self))
        for index in 0..<count {
            let segment = program + table + index * size
            // Elf64_Phdr: p_type, p_vaddr, p_memsz, p_align. The program begins at address 0 of its
            // own, as every program that can lie anywhere.
            guard segment.load(as: UInt32.self) == noteSegment else { continue }
            let start = Int(segment.load(fromByteOffset: 16, as: UInt64.self))
            let length = Int(segment.load(fromByteOffset: 40, as: UInt64.self))
            let alignment = Int(segment.load(fromByteOffset: 48, as: UInt64.self))
            let notes = UnsafeRawBufferPointer(start: program + start, count: length)
            if let id = id(inNotes: notes, alignment: alignment) { return id }
        }
        return []
    }

    private static let noteSegment = UInt32(4)
    private static let buildIDNote = 3

    /// Each note is the sizes of its name and its content, a type, the name and the content.
    static func id(inNotes notes: UnsafeRawBufferPointer, alignment: Int) -> [UInt8]? {
        let step = max(4, alignment)
        var rest = notes[...]
        while rest.count >= 12 {
            let head = UnsafeRawBufferPointer(rebasing: rest)
            let sizes = (0..<3).map {
                Int(head.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
            }
            let nameEnd = 12 + sizes[0]
            let start = (nameEnd + step - 1) / step * step
            guard start + sizes[1] <= head.count else { return nil }
            if sizes[2] == buildIDNote, head[12..<nameEnd].elementsEqual("GNU\0".utf8) {
                return Array(head[start..<start + sizes[1]])
            }
            rest = rest.dropFirst((start + sizes[1] + step - 1) / step * step)
        }
        return nil
    }
}
