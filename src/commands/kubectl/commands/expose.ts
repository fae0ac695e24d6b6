import { formatSelector } from '../../../sim/kubernetes/api/label-selector.ts'
import { dryRunOf, withDryRun } from '../builder/dry-run.ts'
import { dryRunFlag, fieldManagerFlag, filenameFlags, recordFlag, saveConfigFlag } from '../builder/flags.ts'
import { findInfos } from '../builder/infos.ts'
import { createObject } from '../client/objects.ts'
import type { Command } from '../command.ts'
import { CliError, throwAll } from '../errors/errors.ts'
import { string } from '../flags/flag.ts'
import { withLastApplied } from '../last-applied/annotation.ts'
import { mergeOverrides, overrideFlags } from '../patch/overrides.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import type { Session } from '../session.ts'
import { structOrder } from '../typed/struct-order.ts'
import { resourceOf } from './create/generator.ts'
import { parseLabels } from './run.ts'

export const expose: Command = {
  name: 'expose',
  short: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  long: `Expose a resource as a new Kubernetes service.

 Looks up a deployment, service, replica set, replication controller or pod by name and uses the selector for that resource as the selector for a new service on the specified port.

 Possible resources include (case insensitive):

 pod (po), service (svc), replicationcontroller (rc), deployment (deploy), replicaset (rs)`,
  examples: `
# Create a service for a replicated nginx, which serves on port 80 and connects to the containers on port 8000
kubectl expose rc nginx --port=80 --target-port=8000

# Create a service for an nginx deployment, which serves on port 80 and connects to the containers on port 8000
kubectl expose deployment nginx --port=80 --target-port=8000`,
  use: 'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  flags: [
    ...printFlags(),
    ...filenameFlags('identifying the resource to expose a service'),
    ...overrideFlags(),
    string(
      'cluster-ip',
      "ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None' to create a headless service.",
    ),
    dryRunFlag(),
    string(
      'external-ip',
      'Additional external IP address (not managed by Kubernetes) to accept for the service. If this IP is routed to a node, the service can be accessed by this IP in addition to its generated service IP.',
    ),
    fieldManagerFlag('kubectl-expose'),
    string('labels', 'Labels to apply to the service created by this call.', { shorthand: 'l' }),
    string(
      'load-balancer-ip',
      'IP to assign to the LoadBalancer. If empty, an ephemeral IP will be created and used (cloud-provider specific).',
    ),
    string('name', 'The name for the newly created object.'),
    string('port', 'The port that the service should serve on. Copied from the resource being exposed, if unspecified'),
    string('protocol', "The network protocol for the service to be created. Default is 'TCP'."),
    recordFlag(),
    saveConfigFlag(),
    string(
      'selector',
      'A label selector to use for this service. Only equality-based selector requirements are supported. If empty (the default) infer the selector from the replication controller or replica set.)',
    ),
    string(
      'session-affinity',
      "If non-empty, set the session affinity for the service to this; legal values: 'None', 'ClientIP'",
    ),
    string(
      'target-port',
      'Name or number for the port on the container that the service should direct traffic to. Optional.',
    ),
    string(
      'type',
      "Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is 'ClusterIP'.",
    ),
  ],
  run,
}

const EXPOSABLE = ['ReplicationController', 'Service', 'Pod', 'Deployment', 'ReplicaSet']

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  const dryRun = await dryRunOf(session)
  const { infos, errors } = await findInfos(session, args, { latest: true })
  const failed: Error[] = []
  for (const info of infos) {
    try {
      if (!EXPOSABLE.includes(info.object.kind))
        throw new CliError(`cannot expose a ${info.object.kind}${info.resource.group ? `.${info.resource.group}` : ''}`)
      const service = await mergeOverrides(session, serviceFor(session, info.object))
      const full = flags.bool('save-config') ? withLastApplied(service) : service
      const created = dryRun === 'client' ? full : await post(session, full, info.namespace, dryRun)
      const printer = printerFor(session, { operation: withDryRun('exposed', dryRun), typed: true })
      await session.print(printer.print(structOrder(created)))
    } catch (error) {
      failed.push(error as Error)
    }
  }
  throwAll([...errors, ...failed])
}

async function post(
  session: Session,
  service: any,
  namespace: string | undefined,
  dryRun: 'none' | 'server',
): Promise<any> {
  const resource = await resourceOf(session, service)
  return createObject(session.client, { resource, namespace }, service, {
    dryRun,
    fieldManager: session.flags.string('field-manager'),
  })
}

function serviceFor(session: Session, object: any): any {
  const { flags } = session
  const name = (flags.string('name') || object.metadata.name).slice(0, 63)
  const ports = portsOf(session, object)
  const type = flags.string('type')
  const selector = flags.string('selector') ? parseLabels(flags.string('selector')) : selectorOf(object)
  const labels = flags.string('labels') ? parseLabels(flags.string('labels')) : object.metadata.labels
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: {
      name,
      ...(session.config.namespaceEnforced ? { namespace: session.namespace } : {}),
      ...(labels && Object.keys(labels).length > 0 ? { labels } : {}),
    },
    spec: {
      ports,
      selector,
      ...(flags.string('cluster-ip') ? { clusterIP: flags.string('cluster-ip') } : {}),
      ...(type ? { type } : {}),
      ...(flags.string('external-ip') ? { externalIPs: [flags.string('external-ip')] } : {}),
      ...(flags.string('session-affinity') ? { sessionAffinity: flags.string('session-affinity') } : {}),
      ...(flags.string('load-balancer-ip') ? { loadBalancerIP: flags.string('load-balancer-ip') } : {}),
    },
    status: { loadBalancer: {} },
  }
}

function selectorOf(object: any): Record<string, string> {
  switch (object.kind) {
    case 'Pod': {
      if (!object.metadata.labels)
        throw new CliError(
          "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
        )
      return object.metadata.labels
    }
    case 'Service':
      if (!object.spec.selector)
        throw new CliError(
          "couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set",
        )
      return object.spec.selector
    case 'ReplicationController':
      return object.spec.selector
    default: {
      const selector = object.spec.selector
      if (selector?.matchExpressions?.length) {
        throw new CliError(
          `couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - "${formatSelector(selector)}" to map-based selector format`,
        )
      }
      return selector?.matchLabels ?? {}
    }
  }
}

function portsOf(session: Session, object: any): object[] {
  const { flags } = session
  const given = flags.string('port') ? flags.string('port').split(',') : introspected(object)
  if (given.length === 0) throw new CliError("couldn't find port via --port flag or introspection")
  const protocols = protocolsOf(object)
  return given.map((text, i) => {
    if (!/^\d+$/.test(text)) throw new CliError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
    const port = Number(text)
    const target = flags.string('target-port') || text
    return {
      ...(given.length > 1 ? { name: `port-${i + 1}` } : {}),
      protocol: flags.string('protocol') || protocols.get(text) || 'TCP',
      port,
      targetPort: /^\d+$/.test(target) ? Number(target) : target,
    }
  })
}

const containerPorts = (object: any): any[] => {
  const spec = object.kind === 'Pod' ? object.spec : object.spec?.template?.spec
  return (spec?.containers ?? []).flatMap((c: any) => c.ports ?? [])
}

function introspected(object: any): string[] {
  const ports =
    object.kind === 'Service'
      ? object.spec.ports.map((p: any) => p.port)
      : containerPorts(object).map((p) => p.containerPort)
  return [...new Set(ports.map(String))] as string[]
}

function protocolsOf(object: any): Map<string, string> {
  if (object.kind === 'Service') return new Map(object.spec.ports.map((p: any) => [String(p.port), p.protocol]))
  return new Map(containerPorts(object).map((p) => [String(p.containerPort), p.protocol]))
}
