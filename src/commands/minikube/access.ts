import { flags } from '../docker/cli/flag.ts'
import { COMMON, type Command, MINIKUBE_COMMIT, MINIKUBE_VERSION } from './command.ts'
import { adminKubectl, onNode } from './node-shell.ts'
import { running, wantedNode } from './running.ts'
import { capture, runHere } from './shell.ts'

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
      ['describe nodes', adminKubectl('describe nodes')],
    ]
    for (const [title, command] of parts) {
      const { stdout } = await onNode(call.process, ip, command)
      await call.process.print(`==> ${title} <==\n${stdout}\n`)
    }
    return 0
  },
}

export const ACCESS: readonly Command[] = [version, ip, ssh, kubectl, logs]
