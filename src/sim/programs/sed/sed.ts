import { RegExpError } from '../../linux/regexp/posix-regexp.ts'
import { decodeText, encodeText } from '../../linux/shell/bytes.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, say, words } from '../applet/applet.ts'
import { isDirectory, linesOf, Output, openInput, readInputText } from '../applet/input.ts'
import { parseOptions, tryHelp } from '../applet/options.ts'
import { parseSed, type SedCommand, SedSyntaxError } from './parse.ts'
import { SedMachine, type SedOutput } from './run.ts'

export const sed: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'nrEe:f:i::sz',
    long: {
      quiet: 'n',
      silent: 'n',
      'regexp-extended': 'E',
      'expression=': 'e',
      'file=': 'f',
      'in-place=?': 'i',
      'in-place': 'i',
      separate: 's',
      'null-data': 'z',
      debug: 'debug',
      posix: 'posix',
      unbuffered: 'u',
    },
  })
  const scripts: string[] = []
  for (const { key, value } of options.order) {
    if (key === 'e') scripts.push(value!)
    if (key === 'f') scripts.push((await readInputText(process, value!)).replace(/\n$/, ''))
  }
  if (scripts.length === 0) {
    const first = options.operands.shift()
    if (first === undefined)
      throw new AppletError(
        '',
        1,
        call.flavour === 'gnu'
          ? `Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n\n`
          : tryHelp(call),
      )
    scripts.push(first)
  }
  let commands: SedCommand[]
  let quiet = options.has('n')
  try {
    const script = scripts.join('\n')
    if (script.startsWith('#n\n')) quiet = true
    commands = parseSed(script, options.has('r') || options.has('E'), call.flavour === 'gnu')
  } catch (error) {
    if (error instanceof SedSyntaxError)
      throw new AppletError(
        say(call, `-e expression #1, char ${error.at}: ${error.message}`, busyboxWords(error.message)),
      )
    if (error instanceof RegExpError)
      throw new AppletError(
        say(
          call,
          `-e expression #1, char ${scripts.join('\n').length}: ${error.message}`,
          `bad regex: ${error.message}`,
        ),
      )
    throw error
  }
  const separate = options.has('i') || options.has('s')
  const paths = options.operands.length > 0 ? options.operands : ['-']
  const delimiter = options.has('z') ? '\0' : '\n'
  if (!separate) return runOn(call, commands, paths, quiet, delimiter)
  let status = 0
  for (const path of paths) {
    const code = options.has('i')
      ? await inPlace(call, commands, path, quiet, delimiter, options.get('i') ?? '')
      : await runOn(call, commands, [path], quiet, delimiter)
    status = code || status
  }
  return status
}

function busyboxWords(message: string): string {
  const unknown = /^unknown command: `(.)'/.exec(message)
  if (unknown) return `unsupported command ${unknown[1]}`
  if (/unterminated/.test(message)) return `unmatched '/'`
  return message
}

async function runOn(
  call: AppletCall,
  commands: SedCommand[],
  paths: readonly string[],
  quiet: boolean,
  delimiter: string,
): Promise<number> {
  const output = new Output(call.process)
  const state = { status: 0 }
  const live = call.process.stdout.tty !== undefined || paths.includes('-')
  const target: SedOutput = {
    write: async (text) => {
      await output.write(text)
      if (live && call.process.stdin.stat().type !== 'file') await output.flush()
    },
  }
  const machine = new SedMachine(call.process, commands, target, quiet, delimiter)
  const code = await machine.run(lines(call, paths, delimiter, state))
  await output.flush()
  await machine.close()
  return code || state.status
}

async function* lines(
  call: AppletCall,
  paths: readonly string[],
  delimiter: string,
  state: { status: number },
): AsyncGenerator<{ text: string; file: string }> {
  for (const path of paths) {
    try {
      if (path !== '-' && isDirectory(call.process, path)) {
        await complain(call, say(call, `couldn't edit ${path}: not a regular file`, 'read error: Is a directory'))
        state.status = call.flavour === 'gnu' ? 2 : 1
        continue
      }
      const { file, close } = openInput(call.process, path)
      try {
        for await (const text of linesOf(file, delimiter, call.process)) yield { text, file: path }
      } finally {
        close()
      }
    } catch (error) {
      await complain(call, say(call, `can't read ${path}: ${words(error)}`, `${path}: ${words(error)}`))
      state.status = call.flavour === 'gnu' ? 2 : 1
    }
  }
}

/** Writes a new file and renames it over the old one, so the inode changes as with the real sed. */
async function inPlace(
  call: AppletCall,
  commands: SedCommand[],
  path: string,
  quiet: boolean,
  delimiter: string,
  suffix: string,
): Promise<number> {
  const { files } = call.process
  let text: string
  try {
    const stat = files.stat(path)
    if (stat.type !== 'file') {
      await complain(call, say(call, `couldn't edit ${path}: not a regular file`, `${path}: not a regular file`))
      return 4
    }
    text = decodeText(files.readBytes(path))
  } catch (error) {
    await complain(call, say(call, `can't read ${path}: ${words(error)}`, `${path}: ${words(error)}`))
    return call.flavour === 'gnu' ? 2 : 1
  }
  let out = ''
  const machine = new SedMachine(
    call.process,
    commands,
    {
      write: async (more) => {
        out += more
      },
    },
    quiet,
    delimiter,
  )
  const code = await machine.run(fromText(text, path, delimiter))
  await machine.close()
  const stat = files.stat(path)
  if (suffix !== '') files.write(suffix.includes('*') ? suffix.replace(/\*/g, path) : path + suffix, text)
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : './'
  const temporary = `${folder}sed${call.process.random.text(6, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}`
  try {
    files.write(temporary, encodeText(out), { mode: stat.mode })
  } catch (error) {
    await complain(
      call,
      say(
        call,
        `couldn't open temporary file ${temporary}: ${words(error)}`,
        `can't create temp file '${path}XXXXXX': ${words(error)}`,
      ),
    )
    return 4
  }
  try {
    files.chown(temporary, stat.uid, stat.gid)
  } catch {
    // Without the right to, the new file belongs to whoever edits.
  }
  files.chmod(temporary, stat.mode)
  try {
    files.rename(temporary, path)
  } catch (error) {
    files.unlink(temporary)
    await complain(
      call,
      say(
        call,
        `cannot rename ${temporary}: ${words(error)}`,
        `can't move '${temporary}' to '${path}': ${words(error)}`,
      ),
    )
    return 4
  }
  return code
}

async function* fromText(
  text: string,
  file: string,
  delimiter: string,
): AsyncGenerator<{ text: string; file: string }> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(delimiter, at)
    const next = end < 0 ? text.length : end + 1
    yield { text: text.slice(at, next), file }
    at = next
  }
}
