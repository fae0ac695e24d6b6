import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, curly, say, words } from '../applet/applet.ts'
import { missingOperand, parseOptions, tryHelp } from '../applet/options.ts'
import { baseName } from './cp.ts'

export const readlink: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'femnqsvz',
    long: { canonicalize: 'f', 'canonicalize-existing': 'e', 'canonicalize-missing': 'm', 'no-newline': 'n' },
  })
  if (options.operands.length === 0) throw missingOperand(call)
  let status = 0
  for (const path of options.operands) {
    try {
      const text =
        options.has('f') || options.has('m')
          ? canonical(call, path, options.has('m'))
          : options.has('e')
            ? process.files.realpath(path)
            : process.files.readlink(path)
      await process.print(options.has('n') ? text : `${text}\n`)
    } catch (error) {
      if (options.has('v')) await complain(call, `${path}: ${words(error)}`)
      status = 1
    }
  }
  return status
}

/** The last part need not exist. */
function canonical({ process: { files, cwd } }: AppletCall, path: string, missing: boolean): string {
  try {
    return files.realpath(path)
  } catch (error) {
    const full = (path.startsWith('/') ? path : `${cwd}/${path}`).replace(/\/+$/, '')
    const slash = full.lastIndexOf('/')
    const parent = full.slice(0, slash) || '/'
    if (!missing && !files.exists(parent)) throw error
    let link: string | undefined
    try {
      link = files.readlink(full)
    } catch {
      link = undefined
    }
    if (link !== undefined)
      return canonical(
        { process: { files, cwd } } as AppletCall,
        link.startsWith('/') ? link : `${parent}/${link}`,
        missing,
      )
    const base =
      missing && !files.exists(parent)
        ? canonical({ process: { files, cwd } } as AppletCall, parent, true)
        : files.realpath(parent)
    return `${base === '/' ? '' : base}/${full.slice(slash + 1)}`
  }
}

export const realpath: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'emsqzLP',
    long: {
      'canonicalize-existing': 'e',
      'canonicalize-missing': 'm',
      'no-symlinks': 's',
      'relative-to=': 'relative',
      quiet: 'q',
    },
  })
  if (options.operands.length === 0) throw missingOperand(call)
  let status = 0
  for (const path of options.operands) {
    try {
      let text =
        options.has('e') || call.flavour === 'busybox'
          ? call.process.files.realpath(path)
          : canonical(call, path, options.has('m'))
      const base = options.get('relative')
      if (base !== undefined) text = relativeTo(canonical(call, base, true), text)
      await call.process.print(`${text}\n`)
    } catch (error) {
      if (!options.has('q')) await complain(call, `${path}: ${words(error)}`)
      status = 1
    }
  }
  return status
}

function relativeTo(from: string, to: string): string {
  const [a, b] = [from.split('/').filter(Boolean), to.split('/').filter(Boolean)]
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/') || '.'
}

export const basename: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'as:z',
    long: { multiple: 'a', 'suffix=': 's', zero: 'z' },
    inOrder: true,
  })
  const operands = [...options.operands]
  if (operands.length === 0) throw missingOperand(call)
  let suffix = options.get('s')
  if (!options.has('a') && suffix === undefined) {
    if (operands.length > 2) throw new AppletError(`extra operand ${curly(operands[2]!)}`, 1, tryHelp(call))
    if (operands.length === 2) suffix = operands.pop()
  }
  for (const path of operands) {
    const base = path === '' ? '' : baseName(path)
    const cut = suffix && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base
    await call.process.print(`${cut}${options.has('z') ? '\0' : '\n'}`)
  }
  return 0
}

export const dirname: Applet = async (call) => {
  const options = parseOptions(call, { short: 'z', inOrder: true })
  if (options.operands.length === 0) throw missingOperand(call)
  for (const path of options.operands) {
    const trimmed = path.replace(/(.)\/+$/, '$1')
    const slash = trimmed.lastIndexOf('/')
    await call.process.print(`${slash < 0 ? '.' : trimmed.slice(0, slash).replace(/\/+$/, '') || '/'}\n`)
  }
  return 0
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const mktemp: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'dtqup:',
    long: { directory: 'd', 'tmpdir=?': 'p', quiet: 'q', 'dry-run': 'u', 'suffix=': 'suffix' },
  })
  const folder = options.get('p') || process.env.get('TMPDIR') || '/tmp'
  const given = options.operands[0]
  const template = given ?? 'tmp.XXXXXXXXXX'
  const run = /X{3,}(?=[^X]*$)/.exec(template)
  if (!run) throw new AppletError(say(call, `too few X's in template ${curly(template)}`, `(null): Invalid argument`))
  const name = `${template.slice(0, run.index)}${process.random.text(run[0].length, LETTERS)}${template.slice(run.index + run[0].length)}${options.get('suffix') ?? ''}`
  const path =
    given === undefined || options.has('t') || options.has('p') ? `${folder.replace(/\/$/, '')}/${name}` : name
  try {
    if (options.has('u')) await process.print(`${path}\n`)
    else {
      if (options.has('d')) process.files.mkdir(path, { mode: 0o700 })
      else process.files.write(path, '', { mode: 0o600 })
      await process.print(`${path}\n`)
    }
    return 0
  } catch (error) {
    throw new AppletError(
      say(
        call,
        `failed to create ${options.has('d') ? 'directory' : 'file'} via template ${curly(path)}: ${words(error)}`,
        `${path}: ${words(error)}`,
      ),
    )
  }
}

export const which: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'as' })
  let status = 0
  for (const name of options.operands) {
    const candidates = name.includes('/')
      ? [name]
      : (process.env.get('PATH') ?? '').split(':').map((folder) => `${folder || '.'}/${name}`)
    const found = candidates.filter(
      (path) => process.files.access(path, { execute: true }) && process.files.stat(path).type === 'file',
    )
    if (found.length === 0) status = 1
    for (const path of options.has('a') ? found : found.slice(0, 1)) await process.print(`${path}\n`)
  }
  return status
}
