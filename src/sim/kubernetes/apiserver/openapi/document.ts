import type { ResourceInfo, ResourceRegistry } from '../registry.ts'
import { fullTypeName } from './names.ts'
import { type Descriptions, SchemaWriter } from './schemas.ts'

type Json = Record<string, unknown>

const METHODS: Record<string, readonly [method: string, action: string, collection: boolean]> = {
  list: ['get', 'list', true],
  create: ['post', 'post', true],
  deletecollection: ['delete', 'deletecollection', true],
  get: ['get', 'get', false],
  update: ['put', 'put', false],
  patch: ['patch', 'patch', false],
  delete: ['delete', 'delete', false],
}

const QUERY = (name: string, type = 'string'): Json => ({ name, in: 'query', schema: { type, uniqueItems: true } })
const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => QUERY(name))

function operations(
  info: ResourceInfo,
  verbs: readonly string[],
  collection: boolean,
  kind: { group: string; version: string; kind: string },
): Json {
  const out: Json = {}
  for (const verb of verbs) {
    const entry = METHODS[verb]
    if (!entry || entry[2] !== collection) continue
    const [method, action] = entry
    const writes = method === 'post' || method === 'put' || method === 'patch'
    out[method] = {
      tags: [`${info.group || 'core'}_${info.version}`],
      operationId: `${action}${info.namespaced ? 'Namespaced' : ''}${info.kind}`,
      ...(writes
        ? { parameters: method === 'patch' ? [...WRITE_PARAMETERS, QUERY('force', 'boolean')] : WRITE_PARAMETERS }
        : {}),
      responses: { 200: { description: 'OK' } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': kind,
    }
  }
  return out
}

/** The OpenAPI v3 document of one group version. Undefined when it isn't served. */
export function openApiV3(
  registry: ResourceRegistry,
  group: string,
  version: string,
  descriptions?: Descriptions,
): Json | undefined {
  const resources = registry.groups
    .find((g) => g.name === group)
    ?.versions.find((v) => v.version === version)?.resources
  if (!resources) return undefined
  const writer = new SchemaWriter(descriptions)
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`
  const paths: Json = {}
  for (const info of resources) {
    const kind = { group, version, kind: info.kind }
    const base = info.namespaced ? `${root}/namespaces/{namespace}/${info.resource}` : `${root}/${info.resource}`
    paths[base] = operations(info, info.verbs, true, kind)
    paths[`${base}/{name}`] = operations(info, info.verbs, false, kind)
    for (const s of info.subresources.values())
      paths[`${base}/{name}/${s.name}`] = operations(info, s.verbs, false, {
        group: s.group || group,
        version: s.version || version,
        kind: s.kind,
      })
    if (info.type) {
      writer.add(info.type)
      writer.add(`${info.type}List`)
    } else if (info.custom) {
      addCustom(writer, info)
    }
    for (const s of info.subresources.values()) if (s.kind === 'Scale') writer.add('autoscaling.v1.Scale')
  }
  writer.add('meta.v1.DeleteOptions')
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.2' },
    paths,
    components: { schemas: writer.schemas },
  }
}

function addCustom(writer: SchemaWriter, info: ResourceInfo): void {
  writer.add('meta.v1.ObjectMeta')
  const name = `${info.group.split('.').reverse().join('.')}.${info.version}.${info.kind}`
  const schema = info.custom!.schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  writer.schemas[name] = {
    ...schema,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      ...schema.properties,
      metadata: { allOf: [{ $ref: `#/components/schemas/${fullTypeName('meta.v1.ObjectMeta')}` }] },
    },
    'x-kubernetes-group-version-kind': [{ group: info.group, version: info.version, kind: info.kind }],
  }
}

/** GET /openapi/v3: where each group version's document is. */
export function openApiIndex(registry: ResourceRegistry): Json {
  const paths: Json = {}
  const place = (key: string, hash: string) => {
    paths[key] = { serverRelativeURL: `/openapi/v3/${key}?hash=${hash}` }
  }
  for (const key of ['.well-known/openid-configuration', 'api', 'apis', 'logs', 'openid/v1/jwks', 'version'])
    place(key, '00000001')
  for (const group of registry.groups) if (group.name) place(`apis/${group.name}`, '00000001')
  for (const group of registry.groups)
    for (const { version, resources } of group.versions) {
      const key = group.name ? `apis/${group.name}/${version}` : `api/${version}`
      const hash = resources
        .map((r) => `${r.resource}${r.custom ? JSON.stringify(r.custom.schema).length : ''}`)
        .join('')
        .length.toString(16)
        .toUpperCase()
        .padStart(8, '0')
      place(key, hash)
    }
  return { paths }
}
