import type { KindDefinition } from '../definition.ts'
import { podCells } from './cells.ts'
import { ephemeralContainers } from './ephemeral-containers.ts'
import { qosClass } from './qos.ts'
import { resize } from './resize.ts'
import { defaultPod } from './spec-defaults.ts'
import { validatePodSpec } from './validate.ts'
import { validatePodUpdate } from './validate-update.ts'
import { podWarnings } from './warnings.ts'

export const pod: KindDefinition = {
  resource: 'pods',
  defaults: defaultPod,
  prepareCreate(object, context) {
    dropStopSignals(object.spec)
    object.status = { phase: 'Pending', qosClass: qosClass(object.spec) }
    if (object.spec?.schedulingGates?.length > 0) object.status.conditions = [gatedCondition(context.timestamp())]
  },
  validate: (o) => validatePodSpec(o.spec ?? {}, 'spec'),
  validateUpdate: (o, old) => validatePodUpdate(o, old),
  warnings: (o, old) => (old ? [] : podWarnings(o)),
  subresources: { resize, ephemeralcontainers: ephemeralContainers },
  cells: podCells,
  fields: {
    'spec.nodeName': (o) => o.spec?.nodeName ?? '',
    'spec.restartPolicy': (o) => o.spec?.restartPolicy ?? '',
    'spec.schedulerName': (o) => o.spec?.schedulerName ?? '',
    'spec.serviceAccountName': (o) => o.spec?.serviceAccountName ?? '',
    'spec.hostNetwork': (o) => String(o.spec?.hostNetwork ?? false),
    'status.phase': (o) => o.status?.phase ?? '',
    'status.podIP': (o) => o.status?.podIP ?? '',
    'status.nominatedNodeName': (o) => o.status?.nominatedNodeName ?? '',
  },
}

/** Stop signals of containers are behind a feature gate that is off: they are dropped without a word. */
function dropStopSignals(spec: any): void {
  for (const container of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]) {
    const { stopSignal, ...kept } = container.lifecycle ?? {}
    if (stopSignal === undefined) continue
    if (kept.postStart || kept.preStop) container.lifecycle = kept
    else delete container.lifecycle
  }
}

function gatedCondition(lastTransitionTime: string): object {
  return {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime,
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  }
}
