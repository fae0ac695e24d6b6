import { describe, expect, it } from 'vitest'
import { differences } from './match.ts'

const pod = {
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web', 'app.kubernetes.io/part': 'x' } },
  spec: {
    containers: [
      { name: 'side', image: 'busybox' },
      { name: 'web', image: 'nginx:alpine', ports: [{ containerPort: 80 }] },
    ],
  },
  status: {
    conditions: [
      { type: 'Initialized', status: 'True' },
      { type: 'Ready', status: 'False' },
    ],
  },
}

describe('partial match', () => {
  it('ignores what the pattern does not name', () => {
    expect(differences({ kind: 'Pod', metadata: { labels: { app: 'web' } } }, pod)).toEqual([])
  })

  it('names the path, what was expected and what is there', () => {
    expect(differences({ metadata: { labels: { app: 'api', tier: 'back' } } }, pod)).toEqual([
      { path: 'metadata.labels.app', expected: 'api', seen: 'web' },
      { path: 'metadata.labels.tier', expected: 'back', seen: undefined },
    ])
  })

  it('finds list elements in any order, by name or type', () => {
    expect(
      differences({ spec: { containers: [{ name: 'web', image: 'nginx:alpine' }, { image: 'busybox' }] } }, pod),
    ).toEqual([])
    expect(differences({ spec: { containers: [{ name: 'web', image: 'redis' }] } }, pod)).toEqual([
      { path: 'spec.containers[name=web].image', expected: 'redis', seen: 'nginx:alpine' },
    ])
    expect(differences({ status: { conditions: [{ type: 'Ready', status: 'True' }] } }, pod)).toEqual([
      { path: 'status.conditions[type=Ready].status', expected: 'True', seen: 'False' },
    ])
  })

  it('does not let one element stand for two', () => {
    expect(differences({ spec: { containers: [{ image: 'busybox' }, { image: 'busybox' }] } }, pod)).toHaveLength(1)
  })

  it('understands operators', () => {
    const pattern = {
      spec: { containers: { $length: 2 }, nodeName: { $exists: false } },
      metadata: { name: { $in: ['web', 'www'] } },
    }
    expect(differences(pattern, pod)).toEqual([])
    expect(differences({ metadata: { name: { $matches: '^api' } } }, pod)).toEqual([
      { path: 'metadata.name', expected: '/^api/', seen: 'web' },
    ])
  })
})
