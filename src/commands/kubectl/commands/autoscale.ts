import { parseQuantity } from '../../../sim/kubernetes/api/quantity.ts'
import { dryRunOf, withDryRun } from '../builder/dry-run.ts'
import { dryRunFlag, fieldManagerFlag, filenameFlags, recordFlag, saveConfigFlag } from '../builder/flags.ts'
import { findInfos } from '../builder/infos.ts'
import { createObject } from '../client/objects.ts'
import type { Command } from '../command.ts'
import { groupVersion } from '../discovery/resource.ts'
import { CliError, ConnectionError, throwAll } from '../errors/errors.ts'
import { int, string } from '../flags/flag.ts'
import { withLastApplied } from '../last-applied/annotation.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import type { Session } from '../session.ts'
import { structOrder } from '../typed/struct-order.ts'
import { resourceOf } from './create/generator.ts'

export const autoscale: Command = {
  name: 'autoscale',
  short: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  long: `Creates an autoscaler that automatically chooses and sets the number of pods that run in a Kubernetes cluster.

 Looks up a deployment, replica set, stateful set, or replication controller by name and creates an autoscaler that uses the given resource as a reference. An autoscaler can automatically increase or decrease number of pods deployed within the system as needed.`,
  examples: `
# Auto scale a deployment "foo", with the number of pods between 2 and 10
kubectl autoscale deployment foo --min=2 --max=10

# Auto scale a deployment "foo", with the number of pods between 1 and 5, target CPU utilization at 80%
kubectl autoscale deployment foo --max=5 --cpu=80%`,
  use: 'autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]',
  flags: [
    ...printFlags(),
    ...filenameFlags('identifying the resource to autoscale.'),
    string(
      'cpu',
      'Target CPU utilization over all the pods. When specified as a percentage (e.g."70%" for 70% of requested CPU) it will target average utilization. When specified as quantity (e.g."500m" for 500 milliCPU) it will target average value. Value without units is treated as a quantity with miliCPU being the unit (e.g."500" is "500m").',
    ),
    int(
      'cpu-percent',
      "The target average CPU utilization (represented as a percent of requested CPU) over all the pods. If it's not specified or negative, a default autoscaling policy will be used.",
      {
        default: '-1',
        deprecated:
          "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
      },
    ),
    dryRunFlag(),
    fieldManagerFlag('kubectl-autoscale'),
    int('max', 'The upper limit for the number of pods that can be set by the autoscaler. Required.', {
      default: '-1',
      required: true,
    }),
    string(
      'memory',
      'Target memory utilization over all the pods. When specified as a percentage (e.g."60%" for 60% of requested memory) it will target average utilization. When specified as quantity (e.g."200Mi" for 200 MiB) it will target average value.',
    ),
    int(
      'min',
      "The lower limit for the number of pods that can be set by the autoscaler. If it's not specified or negative, the server will apply a default value.",
      { default: '-1' },
    ),
    string(
      'name',
      'The name for the newly created object. If not specified, the name of the input resource will be used.',
    ),
    recordFlag(),
    saveConfigFlag(),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  const [min, max] = [flags.int('min'), flags.int('max')]
  if (max < 1) throw new CliError(`--max=MAXPODS is required and must be at least 1, max: ${max}`)
  if (max < min) throw new CliError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`)
  const dryRun = await dryRunOf(session)
  const { infos, errors } = await findInfos(session, args)
  throwAll(errors)
  for (const info of infos) {
    if (!info.resource.subresources.includes('scale')) {
      const version = groupVersion(info.resource)
      throw new CliError(
        `cannot autoscale a ${info.resource.kind}: could not find scale subresource for ${version.includes('/') ? version : `/${version}`}, Resource=${info.resource.resource} in discovery information`,
      )
    }
    const metrics = metricsOf(session)
    const hpa = {
      kind: 'HorizontalPodAutoscaler',
      apiVersion: 'autoscaling/v2',
      metadata: { name: flags.string('name') || info.name },
      spec: {
        scaleTargetRef: { kind: info.resource.kind, name: info.name, apiVersion: groupVersion(info.resource) },
        ...(min > 0 ? { minReplicas: min } : {}),
        maxReplicas: max,
        ...(metrics.length > 0 ? { metrics } : {}),
      },
      status: { desiredReplicas: 0, currentMetrics: null },
    }
    const full = flags.bool('save-config') ? withLastApplied(hpa) : hpa
    const created = dryRun === 'client' ? full : await post(session, full, info.namespace, dryRun)
    const printer = printerFor(session, { operation: withDryRun('autoscaled', dryRun), typed: true })
    await session.print(printer.print(structOrder(created)))
  }
}

async function post(
  session: Session,
  hpa: any,
  namespace: string | undefined,
  dryRun: 'none' | 'server',
): Promise<any> {
  const resource = await resourceOf(session, hpa)
  try {
    return await createObject(session.client, { resource, namespace }, hpa, {
      dryRun,
      fieldManager: session.flags.string('field-manager'),
    })
  } catch (error) {
    if (error instanceof ConnectionError) throw error
    // A v2 object refused by the server is tried as v1, which holds nothing of it.
    throw new CliError(
      'failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input',
    )
  }
}

function metricsOf(session: Session): object[] {
  const { flags } = session
  const cpu = flags.string('cpu') || (flags.int('cpu-percent') > 0 ? `${flags.int('cpu-percent')}%` : '')
  return [
    ...(cpu ? [metric('cpu', cpu)] : []),
    ...(flags.string('memory') ? [metric('memory', flags.string('memory'))] : []),
  ]
}

function metric(name: string, text: string): object {
  const percent = /^(\d+)%$/.exec(text)
  if (percent)
    return {
      type: 'Resource',
      resource: { name, target: { type: 'Utilization', averageUtilization: Number(percent[1]) } },
    }
  if (!parseQuantity(text)) throw new CliError(`invalid resource ${name} value: ${text}`)
  const averageValue = name === 'cpu' && /^\d+$/.test(text) ? `${text}m` : text
  return { type: 'Resource', resource: { name, target: { type: 'AverageValue', averageValue } } }
}
