import { SystemError } from '../../linux/errors.ts'
import { parseAddress } from '../../linux/net/ipv4.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, say } from '../applet/applet.ts'
import { missingOperand, parseOptions } from '../applet/options.ts'

export const ping: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'c:W:w:i:s:qnI:t:Aa46fvp:D', status: call.flavour === 'gnu' ? 2 : 1 })
  const [host] = options.operands
  if (host === undefined)
    throw call.flavour === 'gnu'
      ? new AppletError('usage error: Destination address required', 1)
      : missingOperand(call)
  const address = await resolve(call, host)
  if (call.flavour === 'gnu' && !reachable(call, address)) throw new AppletError('connect: Network is unreachable', 2)
  const size = Number(options.get('s') ?? 56)
  const count = Number(options.get('c') ?? Number.POSITIVE_INFINITY)
  const interval = Number(options.get('i') ?? 1) * 1000
  const patience = Number(options.get('W') ?? 10) * 1000
  const deadline = options.has('w') ? process.uptime() + Number(options.get('w')) * 1000 : Number.POSITIVE_INFINITY
  const gnu = call.flavour === 'gnu'
  await process.print(
    gnu
      ? `PING ${host} (${address}) ${size}(${size + 28}) bytes of data.\n`
      : `PING ${host} (${address}): ${size} data bytes\n`,
  )
  const times: number[] = []
  const started = process.uptime()
  let sent = 0
  let finishing = false
  const finish = async () => {
    if (finishing) return
    finishing = true
    const loss = sent === 0 ? 0 : Math.round(((sent - times.length) / sent) * 100)
    await process.print(`\n--- ${host} ping statistics ---\n`)
    await process.print(
      gnu
        ? `${sent} packets transmitted, ${times.length} received, ${loss}% packet loss, time ${Math.round(process.uptime() - started)}ms\n`
        : `${sent} packets transmitted, ${times.length} packets received, ${loss}% packet loss\n`,
    )
    if (times.length === 0) {
      if (gnu) await process.print('\n')
      return
    }
    const mean = times.reduce((sum, each) => sum + each, 0) / times.length
    const deviation = Math.sqrt(times.reduce((sum, each) => sum + (each - mean) ** 2, 0) / times.length)
    const row = [Math.min(...times), mean, Math.max(...times), ...(gnu ? [deviation] : [])]
      .map((each) => each.toFixed(3))
      .join('/')
    await process.print(gnu ? `rtt min/avg/max/mdev = ${row} ms\n` : `round-trip min/avg/max = ${row} ms\n`)
  }
  let stop: (() => void) | undefined
  const interrupted = new Promise<'stop'>((done) => {
    stop = () => done('stop')
  })
  process.on('SIGINT', () => stop?.())
  while (sent < count && process.uptime() < deadline) {
    sent++
    const at = process.uptime()
    let time: number | undefined
    try {
      const last = sent === count
      const first = await Promise.race([
        process.net.ping(address, { timeout: last || gnu ? patience : Math.min(patience, interval) }),
        interrupted,
      ])
      if (first === 'stop') break
      time = first
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      if (error.code === 'ENETUNREACH') {
        if (gnu) throw new AppletError(`connect: Network is unreachable`, 2)
        // Alpine's C library has words of its own.
        const musl = call.process.files.exists('/etc/alpine-release')
        throw new AppletError(`sendto: Network ${musl ? '' : 'is '}unreachable`)
      }
    }
    if (time !== undefined) {
      times.push(time)
      if (!options.has('q'))
        await process.print(
          gnu
            ? `${size + 8} bytes from ${address === host ? address : `${host} (${address})`}: icmp_seq=${sent} ttl=64 time=${shown(time)} ms\n`
            : `${size + 8} bytes from ${address}: seq=${sent - 1} ttl=64 time=${time.toFixed(3)} ms\n`,
        )
    }
    const left = interval - (process.uptime() - at)
    if (
      sent < count &&
      left > 0 &&
      (await Promise.race([
        process.sleep(Math.min(left, deadline - process.uptime())).then(() => 'go' as const),
        interrupted,
      ])) === 'stop'
    )
      break
  }
  await finish()
  return times.length > 0 ? 0 : 1
}

/** Whether there is a way at all. */
function reachable({ process }: AppletCall, address: string): boolean {
  const number = parseAddress(address) ?? 0
  const { network } = process.system
  if (address.startsWith('127.')) return network.interface('lo')?.up ?? false
  return (
    network.interfaces.some((each) => each.addresses.some((own) => own.address === number)) ||
    network.routes.lookup(number) !== undefined
  )
}

const shown = (ms: number) =>
  ms < 1 ? ms.toFixed(3) : ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0)

async function resolve(call: AppletCall, host: string): Promise<string> {
  try {
    const [first] = await call.process.net.resolve(host)
    if (first !== undefined) return first
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    if (call.flavour === 'gnu') throw new AppletError(`${host}: Temporary failure in name resolution`, 2)
  }
  throw new AppletError(
    say(call, `${host}: Name or service not known`, `bad address '${host}'`),
    call.flavour === 'gnu' ? 2 : 1,
  )
}
