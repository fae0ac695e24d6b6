import type { KindDefinition } from '../definition.ts'
import { eventCells } from './cells.ts'

export const event: KindDefinition = {
  resource: 'events',
  cells: eventCells,
  fields: {
    'involvedObject.kind': (o) => o.involvedObject?.kind ?? '',
    'involvedObject.namespace': (o) => o.involvedObject?.namespace ?? '',
    'involvedObject.name': (o) => o.involvedObject?.name ?? '',
    'involvedObject.uid': (o) => o.involvedObject?.uid ?? '',
    'involvedObject.apiVersion': (o) => o.involvedObject?.apiVersion ?? '',
    'involvedObject.resourceVersion': (o) => o.involvedObject?.resourceVersion ?? '',
    'involvedObject.fieldPath': (o) => o.involvedObject?.fieldPath ?? '',
    // The same objects as events.k8s.io names their parts.
    'regarding.kind': (o) => (o.regarding ?? o.involvedObject)?.kind ?? '',
    'regarding.namespace': (o) => (o.regarding ?? o.involvedObject)?.namespace ?? '',
    'regarding.name': (o) => (o.regarding ?? o.involvedObject)?.name ?? '',
    'regarding.uid': (o) => (o.regarding ?? o.involvedObject)?.uid ?? '',
    reason: (o) => o.reason ?? '',
    reportingComponent: (o) => o.reportingComponent || o.source?.component || '',
    source: (o) => o.source?.component || o.reportingComponent || '',
    type: (o) => o.type ?? '',
  },
}
