import { resourcePath } from '../discovery/resource.ts'
import type { FlagSpec } from '../flags/flag.ts'
import type { Session } from '../session.ts'

const FORMATS = [
  'custom-columns=',
  'custom-columns-file=',
  'go-template=',
  'go-template-file=',
  'json',
  'jsonpath=',
  'jsonpath-as-json=',
  'jsonpath-file=',
  'kyaml',
  'name',
  'wide',
  'yaml',
]

/** Words a flag may take; empty where anything goes. */
export async function flagValues(session: Session, flag: FlagSpec): Promise<string[]> {
  const { config } = session.config.loaded
  switch (flag.name) {
    case 'namespace':
      return namesOf(session, 'namespaces')
    case 'output':
      return FORMATS
    case 'context':
      return config.contexts.map((c) => c.name)
    case 'cluster':
      return config.clusters.map((c) => c.name)
    case 'user':
      return config.users.map((c) => c.name)
    case 'dry-run':
      return ['client', 'none', 'server']
    case 'restart':
      return ['Always', 'Never', 'OnFailure']
    case 'cascade':
      return ['background', 'foreground', 'orphan']
    case 'container':
      return containersOf(session)
    default:
      return []
  }
}

/** Names of the objects of a type in the namespace. */
export async function namesOf(session: Session, type: string): Promise<string[]> {
  const resource = await session.mapper.resource(type)
  const namespace = resource.namespaced ? session.namespace : undefined
  const list = await session.client.json({ path: resourcePath(resource, namespace) })
  return (list.items ?? []).map((item: any) => item.metadata.name)
}

async function containersOf(session: Session): Promise<string[]> {
  const [name] = session.args
  if (!name || name.includes('/')) return []
  const pod = await session.client.json({ path: `/api/v1/namespaces/${session.namespace}/pods/${name}` })
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((field) =>
    (pod.spec[field] ?? []).map((c: any) => c.name),
  )
}
