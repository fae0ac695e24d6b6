import { SystemError } from '../../linux/errors.ts'
import type { Connection } from '../../linux/socket.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, say } from '../applet/applet.ts'
import { missingOperand, parseOptions } from '../applet/options.ts'

/** nc and telnet: bytes between the terminal and a TCP connection. */
export const nc: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'lp:w:zvnue:kNq:s:46i:ctd' })
  const listening = options.has('l')
  const port = Number(options.get('p') ?? (listening ? (options.operands.at(-1) ?? 0) : options.operands[1]))
  if (options.has('u')) throw new AppletError('not simulated: UDP mode')
  if (listening) return listen(call, port, options.has('v'), options.has('k'), options.get('e'))
  const [host] = options.operands
  if (host === undefined || options.operands.length < 2) throw missingOperand(call)
  const timeout = options.has('w') ? Number(options.get('w')) * 1000 : undefined
  let status = 0
  for (const each of ports(options.operands[1]!)) {
    try {
      const addresses = await process.net.resolve(host)
      if (addresses.length === 0)
        throw new AppletError(
          say(call, `getaddrinfo for host "${host}" port ${each}: Name or service not known`, `bad address '${host}'`),
        )
      const connection = await process.net.connect(
        { address: addresses[0]!, port: each },
        timeout === undefined ? {} : { timeout },
      )
      if (options.has('v'))
        await process.printError(
          say(
            call,
            `Connection to ${host} ${each} port [tcp/*] succeeded!\n`,
            `${host} (${addresses[0]}:${each}) open\n`,
          ),
        )
      if (options.has('z')) connection.close()
      else await join(call, connection, timeout, options.has('N') || call.flavour === 'busybox')
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      status = 1
      if (options.has('v') || (call.flavour === 'busybox' && !options.has('z')))
        await process.printError(
          say(
            call,
            `nc: connect to ${host} port ${each} (tcp) failed: ${error.message}\n`,
            `nc: ${error.code === 'ETIMEDOUT' ? 'timed out' : `can't connect to remote host (${host}): ${error.message}`}\n`,
          ),
        )
    }
  }
  return status
}

function ports(text: string): number[] {
  const range = /^(\d+)-(\d+)$/.exec(text)
  return range
    ? Array.from({ length: Number(range[2]) - Number(range[1]) + 1 }, (_, i) => Number(range[1]) + i)
    : [Number(text)]
}

async function listen(
  call: AppletCall,
  port: number,
  verbose: boolean,
  keep: boolean,
  command: string | undefined,
): Promise<number> {
  const { process } = call
  try {
    const listener = process.net.listen({ port })
    if (verbose)
      await process.printError(say(call, `Listening on 0.0.0.0 ${port}\n`, `listening on 0.0.0.0:${port} ...\n`))
    do {
      const connection = await listener.accept()
      if (verbose)
        await process.printError(
          say(
            call,
            `Connection received on ${connection.remote.address} ${connection.remote.port}\n`,
            `connect to ${connection.local.address}:${port} from ${connection.remote.address}:${connection.remote.port}\n`,
          ),
        )
      if (command !== undefined) await serveCommand(call, connection, command)
      else await join(call, connection, undefined, true)
    } while (keep)
    listener.close()
    return 0
  } catch (error) {
    if (error instanceof SystemError) throw new AppletError(say(call, error.message, `bind: ${error.message}`))
    throw error
  }
}

async function serveCommand({ process }: AppletCall, connection: Connection, command: string): Promise<void> {
  const [input, output] = [process.pipe(), process.pipe()]
  const child = process.spawn({
    argv: ['sh', '-c', command],
    file: '/bin/sh',
    fds: new Map([
      [0, input.read],
      [1, output.write],
    ]),
  })
  input.read.release()
  output.write.release()
  const feed = async () => {
    for (let chunk = await connection.read(); chunk.length > 0; chunk = await connection.read())
      await input.write.write(chunk)
    input.write.release()
  }
  void feed().catch(() => {})
  for (let chunk = await output.read.read(); chunk.length > 0; chunk = await output.read.read())
    await connection.write(chunk)
  connection.close()
  await process.wait(child)
}

/** Copies both ways until the other side has finished. */
async function join(
  { process }: AppletCall,
  connection: Connection,
  timeout: number | undefined,
  halfClose: boolean,
): Promise<void> {
  const send = async () => {
    for (let chunk = await process.stdin.read(); chunk.length > 0; chunk = await process.stdin.read())
      await connection.write(chunk)
    if (halfClose) connection.finish()
    else connection.finish()
  }
  const receive = async (): Promise<'end'> => {
    for (;;) {
      const reading = connection.read()
      const chunk =
        timeout === undefined
          ? await reading
          : await Promise.race([reading, process.sleep(timeout).then(() => new Uint8Array())])
      if (chunk.length === 0) return 'end'
      await process.stdout.write(chunk)
    }
  }
  const sending = send().catch(() => {})
  await receive().catch((error: unknown) => {
    if (!(error instanceof SystemError)) throw error
  })
  void sending
  connection.close()
}

export const telnet: Applet = async (call) => {
  const [host = '', port = '23'] = call.args.filter((word) => !word.startsWith('-'))
  const { process } = call
  const addresses = await process.net.resolve(host).catch(() => [] as string[])
  if (addresses.length === 0)
    throw new AppletError(
      say(call, `could not resolve ${host}/${port}: Name or service not known`, `bad address '${host}'`),
    )
  await process.print(`Trying ${addresses[0]}...\n`)
  try {
    const connection = await process.net.connect({ address: addresses[0]!, port: Number(port) })
    await process.print(`Connected to ${host}.\nEscape character is '^]'.\n`)
    await join(call, connection, undefined, false)
    await process.printError('Connection closed by foreign host.\n')
    return 1
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    throw new AppletError(
      say(
        call,
        `Unable to connect to remote host: ${error.message}`,
        `can't connect to remote host (${addresses[0]}): ${error.message}`,
      ),
    )
  }
}
