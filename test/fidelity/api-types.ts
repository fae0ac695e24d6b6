import discovery from '../../src/sim/kubernetes/api/data/discovery.ts'
import { type Field, typeInfo, typeOfKind } from '../../src/sim/kubernetes/api/schema.ts'

/** What a list, map or plain field holds in the end: a type's name, or a scalar's code. */
export const innermost = (code: string): string => code.replace(/^[[{]+/, '')

export const fieldsOf = (type: string): readonly Field[] => [...(typeInfo(type)?.fields.values() ?? [])]

/** A kind the server serves, in its preferred version: `core.v1.Pod`. */
export interface ServedKind {
  type: string
  kind: string
  /** `v1`, `apps/v1` */
  apiVersion: string
}

interface Discovered {
  group: string
  versions: {
    version: string
    resources: { name: string; kind: string; sub?: { kind: [string, string, string] }[] }[]
  }[]
}

/** Every kind that can be sent or got, each type once. */
export function servedKinds(): ServedKind[] {
  const served = new Map<string, ServedKind>()
  const add = (group: string, version: string, kind: string) => {
    const type = typeOfKind(group, version, kind)
    const apiVersion = group ? `${group}/${version}` : version
    if (type && !served.has(type)) served.set(type, { type, kind, apiVersion })
  }
  for (const { group, versions } of JSON.parse(discovery) as Discovered[])
    for (const { version, resources } of versions)
      for (const { kind, sub = [] } of resources) {
        add(group, version, kind)
        for (const each of sub) if (each.kind[1]) add(...each.kind)
      }
  return [...served.values()]
}

/** The types under a kind, itself first. */
export function closure(type: string): Set<string> {
  const found = new Set<string>()
  const visit = (name: string) => {
    if (found.has(name) || !typeInfo(name)) return
    found.add(name)
    for (const field of fieldsOf(name)) visit(innermost(field.type))
  }
  visit(type)
  return found
}

const byResource = new Map<string, string | undefined>()

/** The type of a resource's objects: `deployments.apps` → `apps.v1.Deployment`. */
export function typeOfResource(resource: string): string | undefined {
  if (byResource.size === 0)
    for (const { group, versions } of JSON.parse(discovery) as Discovered[])
      for (const { version, resources } of versions.toReversed())
        for (const { name, kind } of resources)
          byResource.set(group ? `${name}.${group}` : name, typeOfKind(group, version, kind))
  return byResource.get(resource)
}
