import type { Command } from '../../command.ts'
import { CliError } from '../../errors/errors.ts'
import { type FlagSpec, int, list, string } from '../../flags/flag.ts'
import type { Session } from '../../session.ts'
import { generator } from './generator.ts'

const tcpFlag = (): FlagSpec => list('tcp', "Port pairs can be specified as '<port>:<targetPort>'.")

interface Variant {
  name: string
  type: string
  short: string
  flags?: FlagSpec[]
  spec?(session: Session): Record<string, unknown>
  /** Ports may be absent. */
  portless?: boolean
}

function variant({ name, type, short, flags = [], spec, portless }: Variant): Command {
  return generator({
    name,
    short,
    examples: `
# Create a new service of this kind
kubectl create service ${name} my-service ${name === 'externalname' ? '--external-name bar.com' : '--tcp=5678:8080'}`,
    use: `${name} NAME ${name === 'externalname' ? '--external-name external.name' : '[--tcp=<port>:<targetPort>]'} [--dry-run=server|client|none]`,
    flags: [tcpFlag(), ...flags],
    failure: `failed to create ${type} service: `,
    build(session, serviceName) {
      const ports = session.flags.list('tcp').map((text) => parsePort(text, session))
      const headless = session.flags.has('clusterip') && session.flags.string('clusterip') === 'None'
      if (ports.length === 0 && !portless && !headless)
        throw new CliError('at least one tcp port specifier must be provided')
      return {
        kind: 'Service',
        apiVersion: 'v1',
        metadata: { name: serviceName, labels: { app: serviceName } },
        spec: {
          ...(ports.length > 0 ? { ports } : {}),
          selector: { app: serviceName },
          ...spec?.(session),
          type,
        },
        status: { loadBalancer: {} },
      }
    },
  })
}

function parsePort(text: string, session: Session): Record<string, unknown> {
  const [first = '', second] = text.split(':')
  const port = portNumber(first)
  const target = second === undefined ? port : /^\d+$/.test(second) ? portNumber(second) : second
  const nodePort = session.flags.has('node-port') ? session.flags.int('node-port') : 0
  return {
    name: text.replaceAll(':', '-'),
    protocol: 'TCP',
    port,
    targetPort: target,
    ...(nodePort ? { nodePort } : {}),
  }
}

function portNumber(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new CliError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
  const port = Number(text)
  if (port < 1 || port > 65535) throw new CliError(`invalid port number: must be between 1 and 65535, inclusive`)
  return port
}

export const createService: Command = {
  name: 'service',
  aliases: ['svc'],
  short: 'Create a service using a specified subcommand',
  long: 'Create a service using a specified subcommand.',
  subcommands: [
    variant({
      name: 'clusterip',
      type: 'ClusterIP',
      short: 'Create a ClusterIP service',
      flags: [
        string('clusterip', "Assign your own ClusterIP or set to 'None' for a 'headless' service (no loadbalancing)."),
      ],
      spec: (session) => (session.flags.string('clusterip') ? { clusterIP: session.flags.string('clusterip') } : {}),
    }),
    variant({
      name: 'externalname',
      type: 'ExternalName',
      short: 'Create an ExternalName service',
      portless: true,
      flags: [string('external-name', 'External name of service', { required: true })],
      spec: (session) => ({ externalName: session.flags.string('external-name') }),
    }),
    variant({ name: 'loadbalancer', type: 'LoadBalancer', short: 'Create a LoadBalancer service' }),
    variant({
      name: 'nodeport',
      type: 'NodePort',
      short: 'Create a NodePort service',
      flags: [int('node-port', 'Port used to expose the service on each node in a cluster.')],
    }),
  ],
  use: 'service',
}
