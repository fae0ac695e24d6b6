import type { OpenFile } from '../../linux/file.ts'
import { encodeText } from '../../linux/shell/bytes.ts'
import type { Applet } from '../applet/applet.ts'
import { complain, say, words } from '../applet/applet.ts'
import { isDirectory, linesOf, openInput } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'

/** Reading what one writes would never end. */
function isOutput(input: OpenFile, output: OpenFile): boolean {
  const [from, to] = [input.stat(), output.stat()]
  return (
    from.type === 'file' && to.type === 'file' && from.inode === to.inode && from.device === to.device && from.size > 0
  )
}

export const cat: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'nbsvetAETu',
    long: {
      number: 'n',
      'number-nonblank': 'b',
      'squeeze-blank': 's',
      'show-all': 'A',
      'show-ends': 'E',
      'show-tabs': 'T',
      'show-nonprinting': 'v',
    },
  })
  const plain = options.values.size === 0 || (options.values.size === 1 && options.has('u'))
  let status = 0
  let number = 0
  let blanks = 0
  for (const path of options.operands.length > 0 ? options.operands : ['-']) {
    try {
      const { file, close } = openInput(process, path)
      try {
        if (path !== '-' && call.flavour === 'gnu' && isDirectory(process, path)) {
          await complain(call, `${path}: Is a directory`)
          status = 1
          continue
        }
        if (call.flavour === 'gnu' && isOutput(file, process.stdout)) {
          await complain(call, `${path}: input file is output file`)
          status = 1
          continue
        }
        if (plain) {
          for (let chunk = await file.read(65_536); chunk.length > 0; chunk = await file.read(65_536))
            await process.stdout.write(chunk)
          continue
        }
        for await (const line of linesOf(file, '\n', process)) {
          const blank = line === '\n'
          blanks = blank ? blanks + 1 : 0
          if (options.has('s') && blanks > 1) continue
          const numbered = options.has('b') ? !blank : options.has('n')
          await process.stdout.write(
            encodeText((numbered ? `${String(++number).padStart(6)}\t` : '') + shown(line, options)),
          )
        }
      } finally {
        close()
      }
    } catch (error) {
      const text = words(error)
      await complain(
        call,
        text === 'Is a directory' && call.flavour === 'busybox'
          ? 'read error: Is a directory'
          : say(call, `${path}: ${text}`, `can't open '${path}': ${text}`),
      )
      status = 1
    }
  }
  return status
}

function shown(line: string, options: { has(key: string): boolean }): string {
  const all = options.has('A')
  const ends = all || options.has('E') || options.has('e')
  let text = line.endsWith('\n') ? line.slice(0, -1) : line
  if (all || options.has('v') || options.has('e') || options.has('t')) {
    text = text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, (c) =>
      c === '\x7f' ? '^?' : `^${String.fromCharCode(c.charCodeAt(0) + 64)}`,
    )
  }
  if (all || options.has('T') || options.has('t')) text = text.replace(/\t/g, '^I')
  return line.endsWith('\n') ? `${text}${ends ? '$' : ''}\n` : text
}
