import type { PortBinding } from '../../../sim/containers/docker/host-config.ts'
import { CommandError } from './session.ts'

export interface PortSpecs {
  exposed: Record<string, object>
  bindings: Record<string, PortBinding[]>
}

function range(text: string): [number, number] | undefined {
  const found = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (!found) return undefined
  const from = Number(found[1])
  const to = found[2] === undefined ? from : Number(found[2])
  return from <= to && to <= 65_535 ? [from, to] : undefined
}

/** `-p` and `--expose`. Throws CommandError in the docker command's words. */
export function parsePorts(publish: readonly string[], expose: readonly string[]): PortSpecs {
  const out: PortSpecs = { exposed: {}, bindings: {} }
  for (const spec of publish) {
    const [rest = '', protocol = 'tcp'] = spec.split('/')
    if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) throw new CommandError(`invalid proto: ${protocol}`)
    const bracket = /^\[([^\]]*)\]:(.*)$/.exec(rest)
    const parts = bracket ? [bracket[1]!, ...bracket[2]!.split(':')] : rest.split(':')
    const containerPort = parts.pop() ?? ''
    const hostPort = parts.pop() ?? ''
    const ip = parts.join(':')
    if (containerPort === '') throw new CommandError(`no port specified: ${spec}<empty>`)
    if (ip !== '' && !/^\d+\.\d+\.\d+\.\d+$/.test(ip) && !(bracket && ip.includes(':')))
      throw new CommandError(`invalid IP address: ${ip}`)
    const inside = range(containerPort)
    if (!inside) throw new CommandError(`invalid containerPort: ${containerPort}`)
    const outside = hostPort === '' ? undefined : range(hostPort)
    if (hostPort !== '' && !outside) throw new CommandError(`invalid hostPort: ${hostPort}`)
    const count = inside[1] - inside[0]
    if (outside && outside[1] - outside[0] !== count && count !== 0)
      throw new CommandError(`invalid ranges specified for container and host Ports: ${containerPort} and ${hostPort}`)
    for (let i = 0; i <= count; i++) {
      const port = `${inside[0] + i}/${protocol.toLowerCase()}`
      out.exposed[port] = {}
      const HostPort = !outside ? '' : count === 0 && outside[1] > outside[0] ? hostPort : String(outside[0] + i)
      out.bindings[port] = [...(out.bindings[port] ?? []), { HostIp: ip, HostPort }]
    }
  }
  for (const spec of expose) {
    const [rest = '', protocol = 'tcp'] = spec.split('/')
    const ports = range(rest)
    if (!ports || rest.includes(':'))
      throw new CommandError(
        `invalid range format for --expose: ${spec}${/^\d/.test(rest) ? '' : `, error: strconv.ParseUint: parsing ${JSON.stringify(rest)}: invalid syntax`}`,
      )
    for (let port = ports[0]; port <= ports[1]; port++) out.exposed[`${port}/${protocol}`] = {}
  }
  return out
}
