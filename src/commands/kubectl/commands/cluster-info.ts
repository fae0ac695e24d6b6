import { allNamespacesFlag } from '../builder/flags.ts'
import { bodyText } from '../client/body.ts'
import type { Command } from '../command.ts'
import { CliError, isNotFound } from '../errors/errors.ts'
import { duration, list, string } from '../flags/flag.ts'
import { indentedJson } from '../json/json.ts'
import type { Session } from '../session.ts'
import { structOrder } from '../typed/struct-order.ts'
import { toYaml } from '../yaml/dump.ts'

const green = (text: string, color: boolean) => (color ? `\x1b[0;32m${text}\x1b[0m` : text)
const yellow = (text: string, color: boolean) => (color ? `\x1b[0;33m${text}\x1b[0m` : text)

const dump: Command = {
  name: 'dump',
  short: 'Dump relevant information for debugging and diagnosis',
  long: 'Dump cluster information out suitable for debugging and diagnosing cluster problems.  By default, dumps everything to stdout. You can optionally specify a directory with --output-directory.',
  use: 'dump',
  flags: [
    allNamespacesFlag(),
    list('namespaces', 'A comma separated list of namespaces to dump.'),
    string('output', 'Output format. One of: (json, yaml).', { shorthand: 'o', default: 'json' }),
    string(
      'output-directory',
      "Where to output the files.  If empty or '-' uses stdout, otherwise creates a directory hierarchy in that directory",
    ),
    duration(
      'pod-running-timeout',
      'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
      { default: '20s' },
    ),
  ],
  run: runDump,
}

export const clusterInfo: Command = {
  name: 'cluster-info',
  short: 'Display cluster information',
  long: "Display addresses of the control plane and services with label kubernetes.io/cluster-service=true. To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
  examples: '\n# Print the address of the control plane and cluster services\nkubectl cluster-info',
  use: 'cluster-info',
  subcommands: [dump],
  async run(session) {
    const color = session.process.stdout.tty !== undefined
    const { server } = session.config
    const services = await session.client.json({
      path: '/api/v1/namespaces/kube-system/services',
      query: [
        ['labelSelector', 'kubernetes.io/cluster-service=true'],
        ['limit', '500'],
      ],
    })
    const line = (name: string, url: string) => `${green(name, color)} is running at ${yellow(url, color)}\n`
    let text = line('Kubernetes control plane', server)
    for (const service of services.items ?? []) {
      const name = service.metadata.labels?.['kubernetes.io/name'] || service.metadata.name
      text += line(name, serviceUrl(server, service))
    }
    await session.print(`${text}\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`)
  },
}

function serviceUrl(server: string, service: any): string {
  const ingress = service.status?.loadBalancer?.ingress?.[0]
  const [port] = service.spec.ports ?? []
  if (ingress)
    return (service.spec.ports ?? []).map((p: any) => `http://${ingress.ip ?? ingress.hostname}:${p.port}`).join(' ')
  const name = port?.name ? `${service.metadata.name}:${port.name}` : service.metadata.name
  return `${server}/api/v1/namespaces/${service.metadata.namespace}/services/${name}/proxy`
}

const KINDS = [
  ['events', '/api/v1', 'EventList'],
  ['replicationcontrollers', '/api/v1', 'ReplicationControllerList'],
  ['services', '/api/v1', 'ServiceList'],
  ['daemonsets', '/apis/apps/v1', 'DaemonSetList'],
  ['deployments', '/apis/apps/v1', 'DeploymentList'],
  ['replicasets', '/apis/apps/v1', 'ReplicaSetList'],
  ['pods', '/api/v1', 'PodList'],
] as const

async function runDump(session: Session): Promise<void> {
  const { flags } = session
  const folder = flags.string('output-directory')
  const suffix = flags.string('output') === 'yaml' ? 'yaml' : 'json'
  const write = async (path: string, text: string) => {
    if (folder === '' || folder === '-') return session.print(text)
    const full = `${folder}/${path}`
    session.process.files.mkdir(full.slice(0, full.lastIndexOf('/')), { parents: true })
    session.process.files.write(full, text)
  }
  const show = (object: any) =>
    suffix === 'yaml' ? toYaml(object) : `${indentedJson(structOrder(object), 4, false)}\n`
  const nodes = await session.client.json({ path: '/api/v1/nodes' })
  await write(
    `nodes.${suffix}`,
    show({ kind: 'NodeList', apiVersion: 'v1', metadata: nodes.metadata, items: nodes.items }),
  )
  for (const namespace of await dumpedNamespaces(session)) {
    for (const [resource, base, kind] of KINDS) {
      const list = await session.client.json({ path: `${base}/namespaces/${namespace}/${resource}` })
      await write(
        `${namespace}/${resource}.${suffix}`,
        show({ kind, apiVersion: list.apiVersion, metadata: list.metadata, items: list.items }),
      )
      if (resource === 'pods') for (const pod of list.items ?? []) await dumpLogs(session, pod, write)
    }
  }
  if (folder && folder !== '-') await session.print(`Cluster info dumped to ${folder}\n`)
}

async function dumpedNamespaces(session: Session): Promise<string[]> {
  if (session.flags.bool('all-namespaces')) {
    return (await session.client.json({ path: '/api/v1/namespaces' })).items.map((ns: any) => ns.metadata.name)
  }
  const given = session.flags.list('namespaces')
  return given.length > 0 ? given : ['kube-system', session.namespace]
}

async function dumpLogs(
  session: Session,
  pod: any,
  write: (path: string, text: string) => Promise<void>,
): Promise<void> {
  const { namespace, name } = pod.metadata
  for (const container of pod.spec.containers) {
    let text: string
    try {
      const answer = await session.client.send({
        path: `/api/v1/namespaces/${namespace}/pods/${name}/log`,
        query: [['container', container.name]],
      })
      text = bodyText(answer.body)
    } catch (error) {
      if (isNotFound(error)) throw new CliError((error as Error).message)
      text = `Request log error: ${(error as Error).message}\n`
    }
    await write(
      `${namespace}/${name}/logs.txt`,
      `==== START logs for container ${container.name} of pod ${namespace}/${name} ====\n${text}==== END logs for container ${container.name} of pod ${namespace}/${name} ====\n`,
    )
  }
}
