import { SystemError } from '../../linux/errors.ts'
import type { OpenFile } from '../../linux/file.ts'
import type { Process } from '../../linux/process.ts'
import { concatBytes, decodeText } from '../../linux/shell/bytes.ts'
import { SIGNALS } from '../../linux/signals.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError, say } from '../applet/applet.ts'
import { missingOperand, parseOptions } from '../applet/options.ts'
import { execWords } from '../coreutils/identity.ts'

/** What a shell command prints, both streams together. */
export async function runWatched(process: Process, text: string): Promise<string> {
  const pipe = process.pipe()
  const child = process.spawn({
    argv: ['sh', '-c', text],
    file: '/bin/sh',
    env: process.env,
    fds: new Map<number, OpenFile>([
      [1, pipe.write],
      [2, pipe.write],
    ]),
  })
  pipe.write.release()
  const chunks: Uint8Array[] = []
  for (let chunk = await pipe.read.read(); chunk.length > 0; chunk = await pipe.read.read()) chunks.push(chunk)
  pipe.read.release()
  await process.wait(child)
  return decodeText(concatBytes(chunks))
}

export const nohup: Applet = async (call) => {
  const { process } = call
  if (call.args.length === 0) throw missingOperand(call, 125)
  process.on('SIGHUP', 'ignore')
  if (process.stdout.tty) {
    await process.printError(
      process.stdin.tty
        ? "nohup: ignoring input and appending output to 'nohup.out'\n"
        : "nohup: appending output to 'nohup.out'\n",
    )
    const file = process.files.open('nohup.out', { write: true, create: true, append: true, mode: 0o600 })
    process.fds.set(1, file)
    if (process.stderr.tty) {
      file.retain()
      process.fds.set(2, file)
    }
  }
  return execWords(call, call.args)
}

export const nice: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'n:',
    long: { 'adjustment=': 'n' },
    inOrder: true,
    digits: 'n',
    status: 125,
  })
  if (options.operands.length === 0) {
    await call.process.print(`${call.process.system.nice}\n`)
    return 0
  }
  try {
    call.process.system.nice = Math.max(-20, Math.min(19, call.process.system.nice + Number(options.get('n') ?? 10)))
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await call.process.printError(`nice: cannot set niceness: ${error.message}\n`)
  }
  return execWords(call, options.operands)
}

export const time: Applet = async (call) => {
  const { process } = call
  const argv = call.args.filter((word, i) => !(word.startsWith('-') && i === 0))
  if (argv.length === 0) throw missingOperand(call)
  const started = process.uptime()
  let status = 127
  try {
    const ended = await process.wait(process.spawn({ argv }))
    status = ended.signal ? 128 + SIGNALS[ended.signal] : (ended.code ?? 0)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await process.printError(
      say(
        call,
        `time: cannot run ${argv[0]}: ${error.message}\n`,
        `time: can't execute '${argv[0]}': ${error.message}\n`,
      ),
    )
  }
  const seconds = (process.uptime() - started) / 1000
  if (call.args[0] === '-p') await process.printError(`real ${seconds.toFixed(2)}\nuser 0.00\nsys 0.00\n`)
  else
    await process.printError(
      `real\t${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`,
    )
  return status
}

export const setsid: Applet = async (call) => {
  const options = parseOptions(call, { short: 'cfw', inOrder: true })
  if (options.operands.length === 0) throw new AppletError(`no command specified`)
  const child = call.process.spawn({ argv: options.operands, newSession: true })
  if (!options.has('w') && !call.process.stdin.tty) return (await call.process.wait(child)).code ?? 0
  return options.has('w') ? ((await call.process.wait(child)).code ?? 0) : 0
}
