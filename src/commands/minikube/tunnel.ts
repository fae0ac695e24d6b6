import type { Process } from '../../sim/linux/process.ts'
import { defer } from '../../sim/time/waiting.ts'
import { flags } from '../docker/cli/flag.ts'
import { COMMON, type Command, Exit } from './command.ts'
import type { Profile } from './profile.ts'
import { running } from './running.ts'
import { capture } from './shell.ts'

const SERVICES = '10.96.0.0/12'
/** ms between two looks at the Services. */
const EVERY = 5000

/** A route to the Services' addresses; those of type LoadBalancer get their own as the one outside. */
export const tunnel: Command = {
  name: 'tunnel',
  summary: 'Connect to LoadBalancer services',
  flags: [
    ...COMMON,
    ...flags`
      --bind-address string   set tunnel bind address, empty or '*' indicates the tunnel should be available for all interfaces
  -c, --cleanup               call with cleanup=true to remove old tunnels (default true)
`,
  ],
  async run(call) {
    const { process } = call
    const profile = await running(call)
    const { ip } = profile.nodes[0]!
    const routed = await capture(process, ['sudo', 'ip', 'route', 'replace', SERVICES, 'via', ip])
    if (routed.status !== 0) throw new Exit('SVC_TUNNEL_START', `error starting tunnel: ${routed.stderr.trim()}`, 110)
    let last = ''
    try {
      const stop = defer<true>(process.machine.world.waiting)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.resolve(true))
      for (;;) {
        const names = await expose(process, profile)
        const state = statusOf(profile, ip, process.pid, names)
        if (state !== last) await process.print(state)
        last = state
        if (await Promise.race([stop.promise, process.sleep(EVERY)])) return 0
      }
    } finally {
      await withdraw(process, profile)
      await capture(process, ['sudo', 'ip', 'route', 'del', SERVICES, 'via', ip])
    }
  },
}

const statusOf = ({ name }: Profile, ip: string, pid: number, services: readonly string[]) => `Status:\t
\tmachine: ${name}
\tpid: ${pid}
\troute: ${SERVICES} -> ${ip}
\tminikube: Running
\tservices: [${services.join(', ')}]
    errors: \n\t\tminikube: no errors
\t\trouter: no errors
\t\tloadbalancer emulator: no errors
`

interface Balanced {
  namespace: string
  name: string
  clusterIP: string
  known: string | undefined
}

async function balancedServices(process: Process, { name }: Profile): Promise<Balanced[]> {
  const { stdout, status } = await capture(process, ['kubectl', '--context', name, 'get', 'svc', '-A', '-o', 'json'])
  if (status !== 0) return []
  return (JSON.parse(stdout).items as any[])
    .filter(({ spec }) => spec.type === 'LoadBalancer' && spec.clusterIP !== 'None')
    .map(({ metadata, spec, status: now }) => ({
      namespace: metadata.namespace,
      name: metadata.name,
      clusterIP: spec.clusterIP,
      known: now?.loadBalancer?.ingress?.[0]?.ip,
    }))
}

async function publish(process: Process, profile: Profile, { namespace, name }: Balanced, ingress: object[]) {
  const patch = JSON.stringify({ status: { loadBalancer: { ingress } } })
  const where = ['kubectl', '--context', profile.name, '-n', namespace, 'patch', 'svc', name]
  await capture(process, [...where, '--subresource=status', '--type=merge', '-p', patch])
}

async function expose(process: Process, profile: Profile): Promise<string[]> {
  const services = await balancedServices(process, profile)
  for (const service of services)
    if (service.known !== service.clusterIP) await publish(process, profile, service, [{ ip: service.clusterIP }])
  return services.map(({ name }) => name)
}

async function withdraw(process: Process, profile: Profile): Promise<void> {
  for (const service of await balancedServices(process, profile))
    if (service.known) await publish(process, profile, service, [])
}
