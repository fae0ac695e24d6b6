import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, curly, quoteAlways, say, words } from '../applet/applet.ts'
import { applyMode, modeText } from '../applet/mode.ts'
import { missingOperand, parseOptions, tryHelp } from '../applet/options.ts'
import { groupByName, userByName } from '../applet/users.ts'

export const chmod: Applet = async (call) => {
  const { process } = call
  // A mode such as -x looks like an option.
  const args = call.args.map((word) => (/^-[rwxXst]+([,+=-].*)?$/.test(word) ? `\0${word}` : word))
  const options = parseOptions(
    call,
    {
      short: 'Rcvf',
      long: { recursive: 'R', verbose: 'v', changes: 'c', quiet: 'f', silent: 'f', 'reference=': 'reference' },
    },
    args,
  )
  const operands = options.operands.map((word) => word.replace(/^\0/, ''))
  const asked = options.has('reference')
    ? process.files.stat(options.get('reference')!).mode.toString(8)
    : operands.shift()
  if (asked === undefined || operands.length === 0) {
    throw call.flavour === 'gnu'
      ? new AppletError(
          asked === undefined ? 'missing operand' : `missing operand after ${curly(asked)}`,
          1,
          tryHelp(call),
        )
      : missingOperand(call)
  }
  if (applyMode(asked, 0, false, process.umask) === undefined)
    throw new AppletError(
      say(call, `invalid mode: ${curly(asked)}`, `invalid mode '${asked}'`),
      1,
      call.flavour === 'gnu' ? tryHelp(call) : '',
    )
  let status = 0
  await walk(
    call,
    operands,
    options.has('R'),
    async (path) => {
      const stat = process.files.stat(path)
      const mode = applyMode(asked, stat.mode, stat.type === 'directory', process.umask)!
      process.files.chmod(path, mode)
      if (options.has('v') || (options.has('c') && mode !== stat.mode)) {
        const shown = (value: number) =>
          `${value.toString(8).padStart(4, '0')} (${modeText({ type: stat.type, mode: value }).slice(1)})`
        await process.print(
          mode === stat.mode
            ? `mode of '${path}' retained as ${shown(mode)}\n`
            : `mode of '${path}' changed from ${shown(stat.mode)} to ${shown(mode)}\n`,
        )
      }
    },
    async (path, error) => {
      status = 1
      const text = words(error)
      if (!options.has('f'))
        await complain(
          call,
          say(
            call,
            `${text === 'Operation not permitted' || text === 'Read-only file system' ? 'changing permissions of' : 'cannot access'} ${quoteAlways(path)}: ${text}`,
            `${path}: ${text}`,
          ),
        )
    },
  )
  return status
}

export const chown: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'Rhcvf',
    long: {
      recursive: 'R',
      'no-dereference': 'h',
      verbose: 'v',
      changes: 'c',
      'reference=': 'reference',
      'from=': 'from',
    },
  })
  const operands = [...options.operands]
  const asked = operands.shift()
  if (asked === undefined || operands.length === 0) throw missingOperand(call)
  const [userText, groupText] = call.name === 'chgrp' ? ['', asked] : splitOwner(asked)
  const user =
    userText === '' ? undefined : /^\d+$/.test(userText) ? Number(userText) : userByName(process, userText)?.uid
  if (userText !== '' && user === undefined)
    throw new AppletError(say(call, `invalid user: ${curly(asked)}`, `unknown user ${userText}`))
  let group =
    groupText === undefined || groupText === ''
      ? undefined
      : /^\d+$/.test(groupText)
        ? Number(groupText)
        : groupByName(process, groupText)?.gid
  if (groupText && group === undefined)
    throw new AppletError(
      say(call, `invalid group: ${curly(call.name === 'chgrp' ? groupText : asked)}`, `unknown group ${groupText}`),
    )
  if (groupText === '' && asked.includes(':')) group = userByName(process, userText)?.gid
  let status = 0
  await walk(
    call,
    operands,
    options.has('R'),
    async (path) => {
      const stat = process.files.lstat(path)
      process.files.chown(path, user ?? stat.uid, group ?? stat.gid, { followLinks: !options.has('h') })
    },
    async (path, error) => {
      status = 1
      const text = words(error)
      const doing =
        text === 'No such file or directory'
          ? 'cannot access'
          : call.name === 'chgrp' || user === undefined
            ? 'changing group of'
            : 'changing ownership of'
      if (!options.has('f'))
        await complain(call, say(call, `${doing} ${quoteAlways(path)}: ${text}`, `${path}: ${text}`))
    },
  )
  return status
}

function splitOwner(text: string): [string, string | undefined] {
  const at = text.search(/[:.]/)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

/** Calls `action` for each path, and with -R for everything below. */
async function walk(
  { process: { files } }: AppletCall,
  paths: readonly string[],
  recursive: boolean,
  action: (path: string) => Promise<void>,
  failed: (path: string, error: unknown) => Promise<void>,
): Promise<void> {
  const visit = async (path: string): Promise<void> => {
    try {
      await action(path)
      if (recursive && files.lstat(path).type === 'directory')
        for (const entry of files.list(path))
          if (entry.type !== 'symlink') await visit(`${path.replace(/\/$/, '')}/${entry.name}`)
    } catch (error) {
      await failed(path, error)
    }
  }
  for (const path of paths) await visit(path)
}
