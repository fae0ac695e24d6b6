import { describe, expect, test } from 'vitest'
import { EventQueue } from '../../time/event-queue.ts'
import { Random } from '../../time/random.ts'
import { createApiServer } from './server.ts'

function server() {
  return createApiServer({
    clock: new EventQueue(),
    random: new Random(1),
    waiting: { awakened: false },
    epoch: 1_790_000_000_000,
  })
}

describe('the API server', () => {
  test('creates, lists, patches and deletes a Deployment', () => {
    const api = server()
    const created = api.client.create('deployments.apps', {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
      },
    })
    expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/)
    expect(api.client.list('deployments.apps', { namespace: 'default' })).toHaveLength(1)
    const patched = api.client.patch('deployments.apps', 'default', 'web', { spec: { replicas: 3 } })
    expect(patched.spec.replicas).toBe(3)
    expect(patched.metadata.generation).toBe(2)
    api.client.delete('deployments.apps', 'default', 'web')
    expect(api.client.get('deployments.apps', 'default', 'web')).toBeUndefined()
  })

  test('refuses an unknown field in the words of a real server', () => {
    const response = server().handle({
      method: 'POST',
      path: '/api/v1/namespaces/default/pods',
      query: [['fieldValidation', 'Strict']],
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p' },
        spec: { containers: [{ name: 'c', imagee: 'x' }] },
      },
    })
    expect(response).toMatchObject({
      status: 400,
      body: {
        message:
          'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].imagee"',
      },
    })
  })
})
