import { flags } from '../docker/cli/flag.ts'
import { table } from './addons.ts'
import { type Call, COMMON, type Command, Exit, MINIKUBE_COMMIT, MINIKUBE_VERSION } from './command.ts'
import { onNode } from './node-shell.ts'
import { containerState, needProfile, type Profile, type ProfileNode, saveProfile } from './profile.ts'
import { capture, runHere } from './shell.ts'
import { addNode, applyKindnet } from './start.ts'

async function running({ process, profile: name }: Call): Promise<Profile> {
  const profile = needProfile(process, name)
  if ((await containerState(process, profile.nodes[0]!.machine)) === 'running') return profile
  throw new Exit('', `The control-plane node ${name} host is not running: state=Stopped`, 83)
}

/** The node that `--node` names; the control plane unless told. */
async function wantedNode(call: Call): Promise<ProfileNode> {
  const { nodes } = await running(call)
  const wanted = call.flags.string('node')
  const node =
    wanted === undefined ? nodes[0] : nodes.find(({ machine }) => machine === wanted || machine.endsWith(`-${wanted}`))
  if (!node) throw new Exit('GUEST_NODE_RETRIEVE', `retrieving node: Could not find node ${wanted}`, 80)
  return node
}

const version: Command = {
  name: 'version',
  summary: 'Print the version of minikube',
  flags: [
    ...COMMON,
    ...flags`
      --components      list versions of all components included with minikube. (the cluster must be running)
  -o, --output string   One of 'yaml' or 'json'.
      --short           Print just the version number.
`,
  ],
  async run({ process, flags: given }) {
    if (given.bool('short')) await process.print(`${MINIKUBE_VERSION}\n`)
    else if (given.string('output') === 'json')
      await process.print(`${JSON.stringify({ commit: MINIKUBE_COMMIT, minikubeVersion: MINIKUBE_VERSION })}\n`)
    else await process.print(`minikube version: ${MINIKUBE_VERSION}\ncommit: ${MINIKUBE_COMMIT}\n`)
    return 0
  },
}

const ip: Command = {
  name: 'ip',
  summary: 'Retrieves the IP address of the specified node',
  flags: [
    ...COMMON,
    ...flags`
  -n, --node string   The node to get IP. Defaults to the primary control plane.
`,
  ],
  async run(call) {
    const node = await wantedNode(call)
    await call.process.print(`${node.ip}\n`)
    return 0
  },
}

const ssh: Command = {
  name: 'ssh',
  summary: 'Log into the minikube environment (for debugging)',
  flags: [
    ...COMMON,
    ...flags`
      --native-ssh    Use native Golang SSH client (default true).
  -n, --node string   The node to ssh into. Defaults to the primary control plane.
`,
  ],
  async run(call) {
    const node = await wantedNode(call)
    return runHere(call.process, ['ssh', '-q', `docker@${node.ip}`, ...call.args])
  },
}

const kubectl: Command = {
  name: 'kubectl',
  summary: 'Run a kubectl binary matching the cluster version',
  flags: [
    ...COMMON,
    ...flags`
      --ssh   Run kubectl within the guest
`,
  ],
  async run({ process, profile, args }) {
    const known = (await capture(process, ['kubectl', 'config', 'get-contexts', profile])).status === 0
    return runHere(process, ['kubectl', ...(known ? ['--cluster', profile] : []), ...args])
  },
}

const logs: Command = {
  name: 'logs',
  summary: 'Returns logs to debug a local Kubernetes cluster',
  flags: [
    ...COMMON,
    ...flags`
      --file string    If present, writes to the provided file instead of stdout.
  -f, --follow         Show only the most recent journal entries, and continuously print new entries as they are appended.
  -n, --length int     Number of lines back to go within the log (default 60)
      --problems       Show only log entries which point to known problems
`,
  ],
  async run(call) {
    const profile = await running(call)
    const { ip } = profile.nodes[0]!
    const length = call.flags.number('length') ?? 60
    const parts: [string, string][] = [
      ['container status', 'sudo crictl ps -a'],
      ['kubelet', `sudo journalctl -u kubelet -n ${length}`],
      ['describe nodes', 'sudo KUBECONFIG=/etc/kubernetes/admin.conf kubectl describe nodes'],
    ]
    for (const [title, command] of parts) {
      const { stdout } = await onNode(call.process, ip, command)
      await call.process.print(`==> ${title} <==\n${stdout}\n`)
    }
    return 0
  },
}

const nodeList: Command = {
  name: 'node list',
  summary: 'List nodes.',
  flags: COMMON,
  async run(call) {
    const { nodes } = needProfile(call.process, call.profile)
    await call.process.print(nodes.map(({ machine, ip }) => `${machine}\t${ip}\n`).join(''))
    return 0
  },
}

const nodeAdd: Command = {
  name: 'node add',
  summary: 'Adds a node to the given cluster.',
  flags: [
    ...COMMON,
    ...flags`
      --control-plane   If set, added node will become a control-plane. Defaults to false.
      --worker          If set, added node will be available as worker. Defaults to true. (default true)
`,
  ],
  async run(call) {
    const profile = await running(call)
    if (call.flags.bool('control-plane')) throw new Exit('', 'not simulated: a second control plane', 80)
    const name = `m${String(profile.nodes.length + 1).padStart(2, '0')}`
    await call.out.step('😄', `Adding node ${name} to cluster ${profile.name} as [worker]`)
    if (profile.nodes.length === 1)
      await call.out.warning('Cluster was created without any CNI, adding a node to it might cause broken networking.')
    if (profile.nodes.length === 1) await applyKindnet(call.process, profile)
    await addNode(call, profile)
    await call.out.step('🏄', `Successfully added ${name} to ${profile.name}!`)
    return 0
  },
}

const nodeDelete: Command = {
  name: 'node delete',
  summary: 'Deletes a node from a cluster.',
  flags: COMMON,
  async run(call) {
    const profile = await running(call)
    const [name = ''] = call.args
    const at = profile.nodes.findIndex(({ machine }, i) => i > 0 && (machine === name || machine.endsWith(`-${name}`)))
    if (at < 0) throw new Exit('GUEST_NODE_DELETE', `deleting node: retrieve: Could not find node ${name}`, 80)
    const { machine } = profile.nodes[at]!
    await call.out.step('🔥', `Deleting node ${name} from cluster ${profile.name}`)
    const admin = 'sudo KUBECONFIG=/etc/kubernetes/admin.conf kubectl'
    await onNode(
      call.process,
      profile.nodes[0]!.ip,
      `${admin} drain ${machine} --force --ignore-daemonsets --delete-emptydir-data --timeout=60s; ${admin} delete node ${machine}`,
    )
    await call.out.step('✋', `Stopping node "${machine}"  ...`)
    await capture(call.process, ['docker', 'rm', '-f', '-v', machine])
    profile.nodes.splice(at, 1)
    saveProfile(call.process, profile)
    await call.out.step('💀', `Node ${name} was successfully deleted.`)
    return 0
  },
}

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
  if (status !== 0) throw new Exit('SVC_NOT_FOUND', stderr.trim(), 50)
  const parsed = JSON.parse(stdout)
  return (parsed.items ?? [parsed]).map(({ metadata, spec }: any) => ({
    namespace: metadata.namespace,
    name: metadata.name,
    ports: spec.ports ?? [],
  }))
}

const service: Command = {
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
        50,
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
        throw new Exit('SVC_UNREACHABLE', `service not available: no running pod for service ${one.name} found`, 50)
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

const dashboard: Command = {
  name: 'dashboard',
  summary: 'Access the Kubernetes dashboard running within the minikube cluster',
  flags: [
    ...COMMON,
    ...flags`
      --port int   Exposed port of the proxyfied dashboard. Set to 0 to pick a random port.
      --url        Display dashboard URL instead of opening a browser
`,
  ],
  async run(call) {
    const { process, out } = call
    const profile = await running(call)
    // What a browser would draw, as text.
    const context = ['kubectl', '--context', profile.name, 'get']
    const overview = await capture(process, [...context, 'deployments,replicasets,pods,services', '-A'])
    const nodes = await capture(process, [...context, 'nodes'])
    await out.warning('not simulated: the dashboard as a web page; its overview follows')
    await process.print(`\nWorkloads\n${overview.stdout}\nNodes\n${nodes.stdout}`)
    return 0
  },
}

export const ACCESS: readonly Command[] = [
  version,
  ip,
  ssh,
  kubectl,
  logs,
  nodeList,
  nodeAdd,
  nodeDelete,
  service,
  dashboard,
]
