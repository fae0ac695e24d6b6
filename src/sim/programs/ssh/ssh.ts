import { SystemError } from '../../linux/errors.ts'
import type { Tty } from '../../linux/file.ts'
import type { Process } from '../../linux/process.ts'
import { type Applet, AppletError } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { denied, openSession } from './connect.ts'
import { type Destination, parseDestination } from './destination.ts'
import { type FrameStream, jsonOf } from './frames.ts'

const USAGE = `usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface]
           [-b bind_address] [-c cipher_spec] [-D [bind_address:]port]
           [-E log_file] [-e escape_char] [-F configfile] [-I pkcs11]
           [-i identity_file] [-J [user@]host[:port]] [-L address]
           [-l login_name] [-m mac_spec] [-O ctl_cmd] [-o option] [-p port]
           [-Q query_option] [-R address] [-S ctl_path] [-W host:port]
           [-w local_tun[:remote_tun]] destination [command [argument ...]]
`

/** A shell or a command on another machine. */
export const ssh: Applet = async (call) => {
  const { process } = call
  const short = '46AaCfgkKMNnqsTtVvXxYyb:c:D:E:e:F:I:i:J:L:l:m:O:o:p:Q:R:S:W:w:'
  const options = parseOptions(call, { short, inOrder: true, status: 255 })
  if (options.has('V')) {
    await process.printError('OpenSSH_9.2p1 Debian-2+deb12u2, OpenSSL 3.0.11 19 Sep 2023\n')
    return 0
  }
  for (const letter of ['D', 'J', 'L', 'R', 'W', 'w', 'N']) {
    if (options.has(letter)) throw new AppletError(`not simulated: ssh -${letter}`, 255)
  }
  const [where, ...rest] = options.operands
  if (where === undefined) throw new AppletError('', 255, USAGE)
  // Options may also follow the destination.
  const later = parseOptions(call, { short, inOrder: true, status: 255 }, rest)
  const get = (letter: string) => later.get(letter) ?? options.get(letter)
  const has = (letter: string) => later.has(letter) || options.has(letter)
  const setting = (name: string) =>
    [...options.all('o'), ...later.all('o')]
      .map((each) => /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(each))
      .find((match) => match?.[1]?.toLowerCase() === name.toLowerCase())?.[2]
  const to = parseDestination(process, where, get('l') ?? setting('User'), Number(get('p') ?? setting('Port') ?? 22))
  const command = later.operands.length > 0 ? later.operands.join(' ') : undefined
  const tty = process.stdin.tty
  const wantsPty = !has('T') && ((command === undefined && tty !== undefined) || (has('t') && tty !== undefined))
  const timeout = setting('ConnectTimeout')
  const stream = await openSession(
    process,
    to,
    {
      ...(command === undefined ? {} : { command }),
      ...(wantsPty && tty ? { pty: { ...tty.size, term: process.env.get('TERM') ?? 'xterm-256color' } } : {}),
    },
    { quiet: has('q'), ...(timeout ? { timeout: Number(timeout) * 1000 } : {}) },
  )
  const status =
    wantsPty && tty ? await interactive(process, stream, to, tty) : await run(process, stream, to, has('n'))
  if (wantsPty && !has('q')) await process.printError(`Connection to ${to.host} closed.\n`)
  return status
}

async function interactive(process: Process, stream: FrameStream, to: Destination, tty: Tty): Promise<number> {
  const before = { ...tty.modes }
  tty.modes = { canonical: false, echo: false, signals: false, outputCrLf: false }
  const forget = tty.onResize((size) => void stream.send('resize', size).catch(() => {}))
  try {
    return await run(process, stream, to, false)
  } finally {
    forget()
    tty.modes = before
  }
}

async function run(process: Process, stream: FrameStream, to: Destination, noInput: boolean): Promise<number> {
  if (noInput) await stream.send('input-end')
  // Goes on until the session's end takes the process with it.
  else sendInput(process, stream).catch(() => {})
  for (;;) {
    const frame = await stream.receive()
    if (!frame) throw new AppletError('', 255, `Connection to ${to.host} closed by remote host.\n`)
    if (frame.type === 'denied') throw denied(to)
    if (frame.type === 'output') await process.stdout.write(frame.bytes)
    else if (frame.type === 'error') await process.stderr.write(frame.bytes)
    else if (frame.type === 'exit') {
      stream.close()
      return jsonOf<{ status: number }>(frame).status
    }
  }
}

async function sendInput(process: Process, stream: FrameStream): Promise<void> {
  try {
    for (;;) {
      const bytes = await process.stdin.read()
      if (bytes.length === 0) break
      await stream.send('input', bytes)
    }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
  }
  await stream.send('input-end')
}
