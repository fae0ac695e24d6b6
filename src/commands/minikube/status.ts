import type { Process } from '../../sim/linux/process.ts'
import { flags } from '../docker/cli/flag.ts'
import { COMMON, type Command } from './command.ts'
import { onNode } from './node-shell.ts'
import { containerState, needProfile } from './profile.ts'
import { capture } from './shell.ts'

/** `Running`, `Stopped`, `Nonexistent` */
export async function hostState(process: Process, machine: string): Promise<string> {
  const state = await containerState(process, machine)
  if (state === undefined) return 'Nonexistent'
  return state === 'running' ? 'Running' : 'Stopped'
}

/** The control plane's containers are there, but frozen. */
async function isPaused(process: Process, ip: string, isUp: boolean, answers: boolean): Promise<boolean> {
  if (!isUp || answers) return false
  const { stdout } = await onNode(process, ip, 'sudo crictl ps -q --name kube-apiserver')
  return stdout.trim() !== ''
}

export const status: Command = {
  name: 'status',
  summary: 'Gets the status of a local Kubernetes cluster',
  flags: [
    ...COMMON,
    ...flags`
  -f, --format string   Go template format string for the status output.
  -l, --layout string   output layout (EXPERIMENTAL, JSON only): 'nodes' or 'cluster'
  -n, --node string     The node to check status for.
  -o, --output string   minikube status --output OUTPUT. json, text
`,
  ],
  async run(call) {
    const { process } = call
    const profile = needProfile(process, call.profile)
    let code = 0
    const all: Record<string, string | boolean>[] = []
    for (const { machine, ip, controlPlane } of profile.nodes) {
      const host = await hostState(process, machine)
      const isUp = host === 'Running'
      const kubelet = isUp && (await onNode(process, ip, 'systemctl is-active kubelet')).status === 0
      const apiserver = isUp && process.machine.dial(`https://${profile.nodes[0]!.ip}:${profile.apiPort}`) !== undefined
      const known = (await capture(process, ['kubectl', 'config', 'get-contexts', profile.name])).status === 0
      const word = (good: boolean) => (host === 'Nonexistent' ? 'Nonexistent' : good ? 'Running' : 'Stopped')
      all.push({
        Name: machine,
        Host: host,
        Kubelet: word(kubelet),
        APIServer: controlPlane
          ? (await isPaused(process, ip, isUp, apiserver))
            ? 'Paused'
            : word(apiserver)
          : 'Irrelevant',
        Kubeconfig: controlPlane ? (!isUp ? host : known ? 'Configured' : 'Misconfigured') : 'Irrelevant',
        Worker: !controlPlane,
      })
      // One bit each for host, cluster and Kubernetes.
      if (!isUp) code |= 1
      if (!kubelet) code |= 2
      if (controlPlane && !apiserver) code |= 4
    }
    if (call.flags.string('output') === 'json') {
      await process.print(`${JSON.stringify(all.length === 1 ? all[0] : all)}\n`)
      return code
    }
    const format = call.flags.string('format')
    if (format !== undefined) {
      for (const one of all)
        await process.print(
          format.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (_, field: string) => String(one[field] ?? '<no value>')),
        )
      return code
    }
    for (const one of all) {
      const rows = one.Worker
        ? ['type: Worker', `host: ${one.Host}`, `kubelet: ${one.Kubelet}`]
        : [
            'type: Control Plane',
            `host: ${one.Host}`,
            `kubelet: ${one.Kubelet}`,
            `apiserver: ${one.APIServer}`,
            `kubeconfig: ${one.Kubeconfig}`,
          ]
      await process.print(`${one.Name}\n${rows.join('\n')}\n\n`)
    }
    return code
  },
}
