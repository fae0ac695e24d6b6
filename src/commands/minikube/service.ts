import { flags } from '../docker/cli/flag.ts'
import { type Call, COMMON, type Command, Exit } from './command.ts'
import type { Profile } from './profile.ts'
import { running } from './running.ts'
import { capture } from './shell.ts'
import { table } from './table.ts'

interface ServiceRow {
  namespace: string
  name: string
  ports: { name?: string; port: number; nodePort?: number }[]
}

async function services(call: Call, profile: Profile, args: readonly string[]): Promise<ServiceRow[]> {
  const { stdout, status, stderr } = await capture(call.process, [
    'kubectl',
    '--context',
    profile.name,
    'get',
    'service',
    ...args,
    '-o',
    'json',
  ])
  if (status !== 0) throw new Exit('SVC_NOT_FOUND', stderr.trim(), 115)
  const parsed = JSON.parse(stdout)
  return (parsed.items ?? [parsed]).map(({ metadata, spec }: any) => ({
    namespace: metadata.namespace,
    name: metadata.name,
    ports: spec.ports ?? [],
  }))
}

export const service: Command = {
  name: 'service',
  summary: 'Returns a URL to connect to a service',
  flags: [
    ...COMMON,
    ...flags`
      --all                 Forwards all services in a namespace (defaults to "false")
      --format string       Format to output service URL in. (default "http://{{.IP}}:{{.Port}}")
      --https               Open the service URL with https instead of http
  -n, --namespace string    The service namespace (default "default")
      --url                 Display the Kubernetes service URL in the CLI instead of opening it in the default browser
      --wait int            Amount of time to wait for a service in seconds (default 2)
`,
  ],
  async run(call) {
    const { process, flags: given, args, out } = call
    const profile = await running(call)
    const { ip } = profile.nodes[0]!
    const namespace = given.string('namespace') ?? 'default'
    const scheme = given.bool('https') ? 'https' : 'http'
    const urls = ({ ports }: ServiceRow) =>
      ports.flatMap(({ nodePort }) =>
        nodePort
          ? [
              (given.string('format') ?? `${scheme}://{{.IP}}:{{.Port}}`)
                .replace('{{.IP}}', ip)
                .replace('{{.Port}}', String(nodePort)),
            ]
          : [],
      )
    const portsOf = ({ ports }: ServiceRow) =>
      ports.some(({ nodePort }) => nodePort)
        ? ports.map(({ name, port }) => `${name ?? ''}/${port}`.replace(/^\//, '')).join('\n')
        : 'No node port'
    if (args[0] === 'list') {
      const found = await services(call, profile, given.has('namespace') ? ['-n', namespace] : ['-A'])
      const rows = found.map((one) => [one.namespace, one.name, portsOf(one), urls(one).join(' ')])
      await process.print(table(['NAMESPACE', 'NAME', 'TARGET PORT', 'URL'], rows))
      return 0
    }
    const [name] = args
    if (name === undefined && !given.bool('all'))
      throw new Exit('MK_USAGE', 'You must specify service name(s) or --all', 14)
    const seconds = given.number('wait') ?? 2
    const find = async () => {
      try {
        return await services(call, profile, [...(name === undefined ? [] : [name]), '-n', namespace])
      } catch {
        return []
      }
    }
    let found = await find()
    for (let i = 0; i < seconds && found.length === 0; i++) {
      await process.sleep(1000)
      found = await find()
    }
    if (found.length === 0)
      throw new Exit(
        'SVC_NOT_FOUND',
        `Service '${name}' was not found in '${namespace}' namespace.\nYou may select another namespace by using 'minikube service ${name} -n <namespace>'. Or list out all the services using 'minikube service list'`,
        115,
      )
    for (const one of found) {
      const pods = await capture(process, [
        'kubectl',
        '--context',
        profile.name,
        '-n',
        one.namespace,
        'get',
        'endpoints',
        one.name,
        '-o',
        'jsonpath={.subsets[*].addresses[*].ip}',
      ])
      if (pods.stdout.trim() === '')
        throw new Exit('SVC_UNREACHABLE', `service not available: no running pod for service ${one.name} found`, 119)
      const list = urls(one)
      if (list.length === 0) {
        await out.step('😿', `service ${one.namespace}/${one.name} has no node port`)
        if (given.bool('url')) continue
      }
      if (given.bool('url')) {
        await process.print(list.map((url) => `${url}\n`).join(''))
        continue
      }
      await process.print(
        table(
          ['NAMESPACE', 'NAME', 'TARGET PORT', 'URL'],
          [[one.namespace, one.name, portsOf(one), list.join(' ') || 'No node port']],
        ),
      )
      for (const url of list) await process.print(`not simulated: a browser; ask with: curl ${url}\n`)
    }
    return 0
  },
}
