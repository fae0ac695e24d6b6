import { SystemError } from '../../linux/errors.ts'
import { parseSignal, SIGNALS, type Signal } from '../../linux/signals.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, curly, say } from '../applet/applet.ts'
import { missingOperand, parseOptions, tryHelp } from '../applet/options.ts'
import { parseDuration } from './basics.ts'

export const timeout: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 's:k:vp',
    long: { 'signal=': 's', 'kill-after=': 'k', verbose: 'v', 'preserve-status': 'preserve', foreground: 'foreground' },
    inOrder: true,
    status: call.flavour === 'gnu' ? 125 : 1,
  })
  const [text, ...argv] = options.operands
  if (text === undefined || argv.length === 0) throw missingOperand(call, call.flavour === 'gnu' ? 125 : 1)
  const limit = parseDuration(text)
  if (limit === undefined)
    throw new AppletError(
      say(call, `invalid time interval ${curly(text)}`, `invalid number '${text}'`),
      call.flavour === 'gnu' ? 125 : 1,
      call.flavour === 'gnu' ? tryHelp(call) : '',
    )
  const signal = parseSignal(options.get('s') ?? 'TERM')
  if (!signal)
    throw new AppletError(
      say(call, `${curly(options.get('s')!)}: invalid signal`, `unknown signal '${options.get('s')}'`),
      call.flavour === 'gnu' ? 125 : 1,
    )
  if (call.flavour === 'busybox') return becomeWatched(call, argv, limit, signal)
  let child: ReturnType<typeof process.spawn>
  try {
    child = process.spawn({ argv })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    const missing = error.code === 'ENOENT'
    throw new AppletError(
      say(
        call,
        `failed to run command ${curly(argv[0]!)}: ${error.message}`,
        `can't execute '${argv[0]}': ${error.message}`,
      ),
      missing ? 127 : 126,
    )
  }
  for (const each of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(each, () => send(each))
  const waiting = process.wait(child)
  const first =
    limit === 0 ? await waiting : await Promise.race([waiting, process.sleep(limit).then(() => 'late' as const)])
  if (first !== 'late') return first.signal ? 128 + SIGNALS[first.signal] : (first.code ?? 0)
  if (options.has('v'))
    await process.printError(`timeout: sending signal ${signal.slice(3)} to command ${curly(argv[0]!)}\n`)
  send(signal)
  const patience = options.has('k') ? parseDuration(options.get('k')!) : undefined
  const second =
    patience === undefined
      ? await waiting
      : await Promise.race([waiting, process.sleep(patience).then(() => 'late' as const)])
  let killed = signal === 'SIGKILL'
  let last = second
  if (last === 'late') {
    send('SIGKILL')
    killed = true
    last = await waiting
  }
  if (options.has('preserve')) return last.signal ? 128 + SIGNALS[last.signal] : (last.code ?? 0)
  return killed ? 137 : 124

  function send(what: Signal): void {
    try {
      process.kill(child.pid, what)
      if (what !== 'SIGKILL') process.kill(child.pid, 'SIGCONT')
    } catch {
      // It has just ended.
    }
  }
}

/** busybox: the command takes this process's place, and a child of it keeps the time. */
async function becomeWatched(
  call: AppletCall,
  argv: readonly string[],
  limit: number,
  signal: Signal,
): Promise<number> {
  const { process } = call
  const { pid } = process
  process.spawn({
    argv: process.argv,
    program: async (watcher) => {
      for (let left = limit; left > 0; left -= 1000) {
        await watcher.sleep(Math.min(left, 1000))
        if (watcher.ppid !== pid) return 0
      }
      try {
        watcher.kill(pid, signal)
      } catch {
        // It has ended in time.
      }
      return 0
    },
  })
  try {
    return await process.exec({ argv })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    throw new AppletError(`can't execute '${argv[0]}': ${error.message}`, error.code === 'ENOENT' ? 127 : 126)
  }
}
