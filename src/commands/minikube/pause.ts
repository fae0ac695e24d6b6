import { flags } from '../docker/cli/flag.ts'
import { type Call, COMMON, type Command, Exit } from './command.ts'
import { mustOnNode, onNode } from './node-shell.ts'
import { running } from './running.ts'

const NAMESPACES = ['kube-system', 'kubernetes-dashboard', 'istio-operator']

const FLAGS = [
  ...COMMON,
  ...flags`
  -A, --all-namespaces       If set, pause all namespaces
  -n, --namespaces strings   namespaces to pause (default [kube-system,kubernetes-dashboard,istio-operator])
`,
]

/** The running containers of a node's Pods in the namespaces. */
async function containersOf(call: Call, ip: string): Promise<string[]> {
  const { flags: given, process } = call
  const wanted = given.has('namespaces') ? given.list('namespaces') : NAMESPACES
  const listed = JSON.parse(await mustOnNode(process, ip, 'sudo crictl ps -o json')).containers as {
    id: string
    labels: Record<string, string>
  }[]
  return listed
    .filter(
      ({ labels }) => given.bool('all-namespaces') || wanted.includes(labels['io.kubernetes.pod.namespace'] ?? ''),
    )
    .map(({ id }) => id)
}

const where = ({ flags: given }: Call) =>
  given.bool('all-namespaces')
    ? 'all namespaces'
    : (given.has('namespaces') ? given.list('namespaces') : NAMESPACES).join(', ')

/** Does something on each node of the running cluster. How many containers it did it to. */
async function eachNode(call: Call, doing: string, act: (ip: string) => Promise<string[]>): Promise<number> {
  const profile = await running(call)
  let count = 0
  for (const { machine, ip } of profile.nodes) {
    await call.out.step('⏸️', `${doing} node ${machine} ... `)
    count += (await act(ip)).length
  }
  return count
}

/** Tells containerd on a node to pause or to resume the containers that are meant. Their numbers. */
async function tasks(call: Call, ip: string, verb: 'pause' | 'resume'): Promise<string[]> {
  const ids = await containersOf(call, ip)
  if (ids.length > 0) await mustOnNode(call.process, ip, `sudo ctr --namespace k8s.io tasks ${verb} ${ids.join(' ')}`)
  return ids
}

export const pause: Command = {
  name: 'pause',
  summary: 'pause Kubernetes',
  flags: FLAGS,
  async run(call) {
    const { process, out } = call
    const count = await eachNode(call, 'Pausing', async (ip) => {
      if ((await onNode(process, ip, 'systemctl is-active kubelet')).status !== 0)
        throw new Exit('GUEST_PAUSE', 'Pause: kubelet is not running', 80)
      await mustOnNode(process, ip, 'sudo systemctl stop kubelet')
      return await tasks(call, ip, 'pause')
    })
    await out.step('⏯️', `Paused ${count} containers in: ${where(call)}`)
    return 0
  },
}

export const unpause: Command = {
  name: 'unpause',
  summary: 'unpause Kubernetes',
  flags: FLAGS,
  async run(call) {
    const { process, out } = call
    const count = await eachNode(call, 'Unpausing', async (ip) => {
      const ids = await tasks(call, ip, 'resume')
      await mustOnNode(process, ip, 'sudo systemctl start kubelet')
      return ids
    })
    await out.step('⏸️', `Unpaused ${count} containers in: ${where(call)}`)
    return 0
  },
}
