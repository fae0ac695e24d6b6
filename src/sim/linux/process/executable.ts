import { FileContent } from '../fs/content.ts'

const MAGIC = '\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0'
const LABEL = 'program:'

/**
 * The contents of an executable file: an ELF header that names a program of the kernel's table. The name is in the
 * bytes, so copies, archives and image layers of it still run. `size` is nominal; the padding takes no memory.
 */
export function executable(program: string, size = 67_584): FileContent {
  const content = FileContent.of(`${MAGIC}${LABEL}${program}\0`)
  if (size > content.size) {
    const grown = content.share()
    grown.truncate(size)
    return grown
  }
  return content
}

export type Executable = { kind: 'program'; name: string } | { kind: 'script'; line: string } | { kind: 'other' }

/** Reads what the first bytes of a file say about how to run it. */
export function recognise(head: Uint8Array): Executable {
  let text = ''
  for (const byte of head) text += String.fromCharCode(byte)
  if (text.startsWith('#!')) {
    const end = text.indexOf('\n')
    return { kind: 'script', line: new TextDecoder().decode(head.subarray(2, end < 0 ? head.length : end)).trim() }
  }
  if (text.startsWith(MAGIC + LABEL)) {
    const start = MAGIC.length + LABEL.length
    return { kind: 'program', name: text.slice(start, text.indexOf('\0', start)) }
  }
  return { kind: 'other' }
}
