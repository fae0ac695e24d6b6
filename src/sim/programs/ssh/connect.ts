import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { decodeText } from '../../linux/shell/bytes.ts'
import { AppletError } from '../applet/applet.ts'
import type { Destination } from './destination.ts'
import { FrameStream, jsonOf, type OpenRequest } from './frames.ts'

/** Opens a session. AppletError with status 255 in ssh's words. */
export async function openSession(
  process: Process,
  to: Destination,
  request: Omit<OpenRequest, 'user'>,
  options: { quiet?: boolean; timeout?: number } = {},
): Promise<FrameStream> {
  let addresses: string[] = []
  try {
    addresses = await process.net.resolve(to.host)
  } catch {
    throw new AppletError(`Could not resolve hostname ${to.host}: Temporary failure in name resolution`, 255)
  }
  const address = addresses[0]
  if (address === undefined)
    throw new AppletError(`Could not resolve hostname ${to.host}: Name or service not known`, 255)
  let stream: FrameStream
  try {
    const { timeout } = options
    const limits = timeout === undefined ? {} : { timeout }
    stream = new FrameStream(await process.net.connect({ address, port: to.port }, limits))
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    throw new AppletError(`connect to host ${to.host} port ${to.port}: ${error.message}`, 255)
  }
  await stream.greet()
  if (!(await stream.greeted())) {
    await process.printError(`kex_exchange_identification: Connection closed by remote host\n`)
    throw new AppletError('', 255, `Connection closed by ${address} port ${to.port}\n`)
  }
  await remember(process, to, options.quiet === true)
  await stream.send('open', { user: to.user, ...request })
  return stream
}

/** Keeps host keys as `StrictHostKeyChecking accept-new` does. */
async function remember(process: Process, { host }: Destination, quiet: boolean): Promise<void> {
  const folder = `${process.env.get('HOME') ?? '/root'}/.ssh`
  const file = `${folder}/known_hosts`
  let text = ''
  try {
    text = process.files.readText(file)
  } catch {
    // None yet.
  }
  if (text.split('\n').some((line) => line.split(' ')[0]?.split(',').includes(host))) return
  const key = btoa([...host].reverse().join('').padEnd(24, '=')).slice(0, 32)
  try {
    if (!process.files.exists(folder)) process.files.mkdir(folder, { mode: 0o700 })
    process.files.write(file, `${text}${host} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${key}\n`, { mode: 0o600 })
  } catch {
    // A home that cannot be written to is no reason not to connect.
  }
  if (!quiet) await process.printError(`Warning: Permanently added '${host}' (ED25519) to the list of known hosts.\n`)
}

/** Runs a command over there with these bytes as its input; for scp. */
export async function runOver(
  process: Process,
  to: Destination,
  command: string,
  input: Uint8Array = new Uint8Array(0),
  options: { quiet?: boolean } = {},
): Promise<{ output: Uint8Array; error: string; status: number }> {
  const stream = await openSession(process, to, { command }, options)
  for (let at = 0; at < input.length; at += 32_768) await stream.send('input', input.subarray(at, at + 32_768))
  await stream.send('input-end')
  const output: number[] = []
  let error = ''
  for (;;) {
    const frame = await stream.receive()
    if (!frame || frame.type === 'denied') {
      stream.close()
      throw denied(to)
    }
    if (frame.type === 'output') for (const byte of frame.bytes) output.push(byte)
    else if (frame.type === 'error') error += decodeText(frame.bytes)
    else if (frame.type === 'exit') {
      stream.close()
      return { output: Uint8Array.from(output), error, status: jsonOf<{ status: number }>(frame).status }
    }
  }
}

export const denied = (to: Destination): AppletError =>
  new AppletError('', 255, `${to.user}@${to.host}: Permission denied (publickey,password).\n`)
