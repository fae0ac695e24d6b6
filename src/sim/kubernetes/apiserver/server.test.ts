import { beforeEach, describe, expect, test } from 'vitest'
import type { HttpMethod, RestResponse } from '../../rest/port.ts'
import { EventQueue } from '../../time/event-queue.ts'
import { Random } from '../../time/random.ts'
import { type ApiServer, createApiServer } from './server.ts'

let clock: EventQueue
let api: ApiServer

beforeEach(() => {
  clock = new EventQueue()
  api = createApiServer({ clock, random: new Random(1), waiting: { awakened: false }, epoch: 1_790_000_000_000 })
})

function send(method: HttpMethod, path: string, body?: unknown, headers: Record<string, string> = {}): RestResponse {
  const [plain = '', search = ''] = path.split('?')
  const query =
    search === '' ? [] : search.split('&').map((pair) => pair.split('=').map(decodeURIComponent) as [string, string])
  return api.handle({ method, path: plain, query, body, headers }) as RestResponse
}

const PODS = '/api/v1/namespaces/default/pods'
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'

const deployment = (name = 'web', image = 'nginx') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image }] } },
  },
})
const pod = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
})

describe('writing', () => {
  test('fills in defaults and counts generations of the specification only', () => {
    const { body } = send('POST', DEPLOYMENTS, deployment()) as { body: any }
    expect(body.spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      strategy: { rollingUpdate: { maxSurge: '25%' } },
    })
    expect(body.spec.template.spec.containers[0].imagePullPolicy).toBe('Always')
    const patched = api.client.patch('deployments.apps', 'default', 'web', { spec: { replicas: 3 } })
    expect(patched.metadata.generation).toBe(2)
    expect(
      api.client.update('deployments.apps', { ...patched, status: { replicas: 1 } }, { subresource: 'status' }).metadata
        .generation,
    ).toBe(2)
  })

  test('refuses misspelt fields and wrong types in the words of a real server', () => {
    const strict = `${PODS}?fieldValidation=Strict`
    expect(send('POST', strict, pod('p', { restartpolicy: 'Never' })).body).toMatchObject({
      message:
        'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.restartpolicy"',
    })
    const wrong = { ...deployment(), spec: { ...deployment().spec, replicas: 'three' } }
    expect(send('POST', DEPLOYMENTS, wrong).body).toMatchObject({
      code: 400,
      message:
        'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    })
  })

  test('gives several complaints in order, each with its field', () => {
    const { status, body } = send('POST', PODS, {
      ...pod('R5'),
      spec: { containers: [{ name: 'R5', image: 'nginx' }] },
    }) as any
    expect(status).toBe(422)
    expect(body.details.causes.map((c: any) => c.field)).toEqual(['metadata.name', 'spec.containers[0].name'])
  })

  test('refuses a stale update and an unchanged one makes no new version', () => {
    send('POST', PODS, pod('p'))
    const old = api.client.get('pods', 'default', 'p')!
    const next = api.client.update('pods', { ...old, metadata: { ...old.metadata, labels: { a: 'b' } } })
    expect(() => api.client.update('pods', { ...old, metadata: { ...old.metadata, labels: { c: 'd' } } })).toThrow(
      'the object has been modified',
    )
    expect(api.client.update('pods', next).metadata.resourceVersion).toBe(next.metadata.resourceVersion)
  })

  test('shows what would change when a Pod may not be changed', () => {
    send('POST', PODS, pod('p'))
    const { body } = send(
      'PATCH',
      `${PODS}/p`,
      { spec: { nodeName: 'b' } },
      { 'content-type': 'application/merge-patch+json' },
    ) as any
    expect(body.message).toContain('- "NodeName": "",\n+ "NodeName": "b",')
  })

  test('gives Services addresses and node ports, and takes them back', () => {
    const service = (name: string, nodePort?: number) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { type: 'NodePort', ports: [{ port: 80, ...(nodePort ? { nodePort } : {}) }] },
    })
    const path = '/api/v1/namespaces/default/services'
    const { spec } = send('POST', path, service('a', 30080)).body as any
    expect(spec.clusterIP).toMatch(/^10\.(9[6-9]|10\d|11[01])\./)
    expect(send('POST', path, service('b', 30080)).status).toBe(422)
    send('DELETE', `${path}/a`)
    expect(send('POST', path, service('b', 30080)).status).toBe(201)
  })
})

describe('deleting', () => {
  test('gives a Pod on a node its grace, and removes it when the kubelet is done', () => {
    api.client.create('pods', pod('p', { nodeName: 'worker', terminationGracePeriodSeconds: 5 }))
    api.client.delete('pods', 'default', 'p')
    expect(api.client.get('pods', 'default', 'p')?.metadata.deletionGracePeriodSeconds).toBe(5)
    api.client.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 })
    expect(api.client.get('pods', 'default', 'p')).toBeUndefined()
  })

  test('waits for finalizers', () => {
    const held = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: ['example.com/x'] } }
    send('POST', '/api/v1/namespaces/default/configmaps', held)
    api.client.delete('configmaps', 'default', 'held')
    expect(api.client.get('configmaps', 'default', 'held')?.metadata.deletionTimestamp).toBeDefined()
    api.client.patch('configmaps', 'default', 'held', { metadata: { finalizers: null } })
    expect(api.client.get('configmaps', 'default', 'held')).toBeUndefined()
  })

  test('keeps the first namespaces', () => {
    expect(send('DELETE', '/api/v1/namespaces/default').body).toMatchObject({
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    })
  })
})

describe('reading', () => {
  test('pages through a list and selects by label and field', () => {
    for (const name of ['a', 'b', 'c'])
      api.client.create('pods', { ...pod(name), metadata: { name, namespace: 'default', labels: { n: name } } })
    const first = send('GET', `${PODS}?limit=2`).body as any
    expect(first.items).toHaveLength(2)
    const rest = send('GET', `${PODS}?limit=2&continue=${encodeURIComponent(first.metadata.continue)}`).body as any
    expect(rest.items.map((p: any) => p.metadata.name)).toEqual(['c'])
    expect((send('GET', `${PODS}?labelSelector=${encodeURIComponent('n in (a,c)')}`).body as any).items).toHaveLength(2)
    expect(send('GET', `${PODS}?fieldSelector=spec.image%3Dx`).body).toMatchObject({
      message: 'field label not supported: spec.image',
    })
  })

  test('prints Tables for kubectl', () => {
    send('POST', DEPLOYMENTS, deployment())
    const table = send('GET', DEPLOYMENTS, undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    }).body as any
    expect(table.rows[0].cells).toEqual(['web', '0/1', 0, 0, '0s', 'c', 'nginx', 'app=web'])
  })

  test('watches from a version, with the end of what is asked for told as a deletion', async () => {
    send('POST', PODS, pod('p'))
    const { metadata } = send('GET', PODS).body as any
    const { stream } = send(
      'GET',
      `${PODS}?watch=true&labelSelector=a%3Db&timeoutSeconds=5&resourceVersion=${metadata.resourceVersion}`,
    )
    api.client.patch('pods', 'default', 'p', { metadata: { labels: { a: 'b' } } })
    api.client.patch('pods', 'default', 'p', { metadata: { labels: { a: null } } })
    while (clock.runNext()) if (clock.now > 5000) break
    const types: string[] = []
    for await (const event of stream!) types.push((event as any).type)
    expect(types).toEqual(['ADDED', 'DELETED'])
  })
})

describe('server-side apply', () => {
  const apply = (replicas: number, manager: string, force = false) =>
    send(
      'PATCH',
      `${DEPLOYMENTS}/web?fieldManager=${manager}&force=${force}`,
      { ...deployment(), spec: { ...deployment().spec, replicas } },
      { 'content-type': 'application/apply-patch+yaml' },
    )

  test('names the owner of a field in conflict, and yields to force', () => {
    expect(apply(2, 'kubectl').status).toBe(201)
    expect(apply(4, 'bob').body).toMatchObject({
      code: 409,
      message: 'Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas',
    })
    expect(apply(4, 'bob', true).status).toBe(200)
    expect(apply(2, 'kubectl').body).toMatchObject({
      message: 'Apply failed with 1 conflict: conflict with "bob": .spec.replicas',
    })
  })
})

describe('who may', () => {
  test('a service account may do what its roles say', () => {
    api.client.create('serviceaccounts', { metadata: { name: 'bot', namespace: 'default' } })
    const request = api.client.create<any>(
      'serviceaccounts',
      { metadata: { name: 'bot', namespace: 'default' }, spec: {} },
      { subresource: 'token' },
    )
    const headers = { authorization: `Bearer ${request.status.token}` }
    expect(send('GET', PODS, undefined, headers).body).toMatchObject({
      code: 403,
      message:
        'pods is forbidden: User "system:serviceaccount:default:bot" cannot list resource "pods" in API group "" in the namespace "default"',
    })
    api.client.create('rolebindings.rbac.authorization.k8s.io', {
      metadata: { name: 'v', namespace: 'default' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'bot', namespace: 'default' }],
    })
    expect(send('GET', PODS, undefined, headers).status).toBe(200)
    expect(send('GET', PODS, undefined, { authorization: 'Bearer nonsense' }).status).toBe(401)
  })

  test('quotas count at once and are not exceeded', () => {
    api.client.create('resourcequotas', {
      metadata: { name: 'q', namespace: 'default' },
      spec: { hard: { configmaps: '1' } },
    })
    const quota = api.client.get<any>('resourcequotas', 'default', 'q')!
    api.client.update(
      'resourcequotas',
      { ...quota, status: { hard: { configmaps: '1' }, used: { configmaps: '0' } } },
      { subresource: 'status' },
    )
    const path = '/api/v1/namespaces/default/configmaps'
    expect(send('POST', path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }).status).toBe(201)
    expect(send('POST', path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } }).body).toMatchObject({
      message:
        'configmaps "b" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=1, limited: configmaps=1',
    })
  })
})

describe('custom resources', () => {
  test('are pruned, defaulted, validated by schema and rules, and go with their definition', () => {
    api.client.create('customresourcedefinitions.apiextensions.k8s.io', {
      metadata: { name: 'books.lib.example.com' },
      spec: {
        group: 'lib.example.com',
        scope: 'Namespaced',
        names: { plural: 'books', kind: 'Book' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    'x-kubernetes-validations': [{ rule: 'self.pages >= 1', message: 'a book has pages' }],
                    properties: { title: { type: 'string', maxLength: 5 }, pages: { type: 'integer', default: 10 } },
                  },
                },
              },
            },
          },
        ],
      },
    })
    const path = '/apis/lib.example.com/v1/namespaces/default/books'
    const book = (name: string, spec: object) => ({
      apiVersion: 'lib.example.com/v1',
      kind: 'Book',
      metadata: { name },
      spec,
    })
    expect(
      (send('POST', `${path}?fieldValidation=Ignore`, book('go', { title: 'Go', extra: 1 })).body as any).spec,
    ).toEqual({ title: 'Go', pages: 10 })
    expect((send('POST', path, book('x', { title: 'much too long' })).body as any).message).toContain(
      'spec.title: Too long: may not be more than 5 bytes',
    )
    expect((send('POST', path, book('x', { pages: 0 })).body as any).message).toContain(
      'spec: Invalid value: a book has pages',
    )
    api.client.delete('customresourcedefinitions.apiextensions.k8s.io', undefined, 'books.lib.example.com')
    expect(send('GET', path).status).toBe(404)
  })
})

test('the same seed gives the same bytes', () => {
  const run = () => {
    const server = createApiServer({
      clock: new EventQueue(),
      random: new Random(7),
      waiting: { awakened: false },
      epoch: 0,
    })
    server.client.create('pods', {
      metadata: { generateName: 'p-', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'x' }] },
    })
    return JSON.stringify([server.client.list('pods'), server.client.list('services')])
  }
  expect(run()).toBe(run())
})

describe('parts of a Pod', () => {
  beforeEach(() => {
    api.client.create('pods', {
      ...pod('p', { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '100m' } } }] }),
    })
  })

  test('is bound to a node once', () => {
    const target = { metadata: { name: 'p', namespace: 'default' }, target: { kind: 'Node', name: 'worker' } }
    api.client.create('pods', target, { subresource: 'binding' })
    expect(api.client.get('pods', 'default', 'p')?.spec.nodeName).toBe('worker')
    expect(() => api.client.create('pods', target, { subresource: 'binding' })).toThrow(
      'pod p is already assigned to node "worker"',
    )
  })

  test('is resized through its subresource only', () => {
    const patch = { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '150m' } } }] } }
    const options = { type: 'strategic' as const }
    expect(() => api.client.patch('pods', 'default', 'p', patch, options)).toThrow('pod updates may not change fields')
    const resized = api.client.patch('pods', 'default', 'p', patch, { ...options, subresource: 'resize' })
    expect(resized.spec.containers[0].resources.requests.cpu).toBe('150m')
  })

  test('gets ephemeral containers, which stay', () => {
    const patch = { spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] } }
    const options = { type: 'strategic' as const, subresource: 'ephemeralcontainers' }
    expect(api.client.patch('pods', 'default', 'p', patch, options).spec.ephemeralContainers).toHaveLength(1)
  })
})
