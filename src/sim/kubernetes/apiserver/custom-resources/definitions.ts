import { rfc3339 } from '../../../time/date.ts'
import type { Clock } from '../../../time/event-queue.ts'
import { deepEqual } from '../../api/json.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Operations } from '../operations/operations.ts'
import type { CustomResource, ResourceInfo, Subresource } from '../registry.ts'
import { internalOptions } from '../request-context.ts'
import { customKind } from './kind.ts'

const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

/** Serves what CustomResourceDefinitions define, and keeps their status. */
export function serveCustomResources(operations: Operations, clock: Clock): void {
  const info = operations.registry.named('customresourcedefinitions.apiextensions.k8s.io')!
  const table = operations.table(info)
  table.subscribe(({ type, object, previous }) => {
    if (type === 'DELETED') {
      unserve(operations, object)
      return
    }
    if (previous && deepEqual(previous.spec, object.spec)) return
    if (previous) operations.registry.remove(previous.spec.group, previous.spec.names.plural)
    for (const version of resourcesOf(object)) operations.registry.add(version)
    clock.after(10, () => accept(operations, info, object.metadata.name))
  })
}

function unserve(operations: Operations, { spec }: KubeObject): void {
  const name = `${spec.names.plural}.${spec.group}`
  const resource = operations.registry.named(name)
  if (resource) {
    const instances = operations.table(resource)
    for (const object of instances.list()) instances.remove(object.metadata.namespace ?? '', object.metadata.name)
  }
  operations.registry.remove(spec.group, spec.names.plural)
  operations.store.dropTable(name)
}

function resourcesOf({ metadata, spec }: KubeObject): ResourceInfo[] {
  const { group, names, versions, scope } = spec
  const storage = versions.find((v: any) => v.storage) ?? versions[0]
  return versions
    .filter((v: any) => v.served)
    .map((version: any): ResourceInfo => {
      const custom: CustomResource = {
        definitionName: metadata.name,
        schema: version.schema?.openAPIV3Schema,
        columns: version.additionalPrinterColumns ?? [
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        selectableFields: (version.selectableFields ?? []).map((f: any) => f.jsonPath),
        scale: version.subresources?.scale,
        status: version.subresources?.status !== undefined,
        preserveUnknown: spec.preserveUnknownFields === true,
      }
      const subresources = new Map<string, Subresource>()
      const verbs = ['get', 'patch', 'update']
      if (custom.status)
        subresources.set('status', { name: 'status', group, version: version.name, kind: names.kind, verbs })
      if (custom.scale)
        subresources.set('scale', { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs })
      const name = `${names.plural}.${group}`
      return {
        name,
        group,
        version: version.name,
        resource: names.plural,
        singular: names.singular || names.kind.toLowerCase(),
        kind: names.kind,
        listKind: names.listKind || `${names.kind}List`,
        namespaced: scope === 'Namespaced',
        verbs: VERBS,
        shortNames: names.shortNames ?? [],
        categories: names.categories ?? [],
        subresources,
        type: undefined,
        definition: customKind(name, custom),
        storage: name,
        storageVersion: { group, version: storage.name },
        custom,
      }
    })
}

/** The conditions that the naming and establishing controllers set. */
function accept(operations: Operations, info: ResourceInfo, name: string): void {
  const definition = operations.table(info).get('', name)
  if (!definition) return
  const { spec, status = {} } = definition
  const now = rfc3339(operations.now())
  const condition = (type: string, reason: string, message: string) => {
    const known = status.conditions?.find((c: any) => c.type === type)
    return known?.status === 'True' ? known : { type, status: 'True', lastTransitionTime: now, reason, message }
  }
  const conditions = [
    condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
    condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
  ]
  const storage = spec.versions.find((v: any) => v.storage)?.name
  const storedVersions = [...new Set([...(status.storedVersions ?? []), ...(storage ? [storage] : [])])]
  const next = { conditions, acceptedNames: { ...spec.names }, storedVersions }
  const change = (old: KubeObject) => ({ ...old, metadata: { ...old.metadata }, status: next })
  operations.update(info, undefined, name, change, internalOptions(), 'status')
}
