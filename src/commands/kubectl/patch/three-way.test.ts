import { expect, test } from 'vitest'
import { threeWayPatch } from './three-way.ts'

const deployment = (containers: object[], replicas?: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: { ...(replicas === undefined ? {} : { replicas }), template: { spec: { containers } } },
})

test('deletes what was applied before, changes by merge key, leaves the rest alone', () => {
  const original = deployment(
    [
      { name: 'a', image: 'x:1' },
      { name: 'b', image: 'y' },
    ],
    2,
  )
  const modified = deployment([{ name: 'a', image: 'x:2' }])
  const current = deployment(
    [
      { name: 'a', image: 'x:1', imagePullPolicy: 'Always' },
      { name: 'b', image: 'y' },
      { name: 'z', image: 'sidecar' },
    ],
    5,
  )
  expect(threeWayPatch(original, modified, current)).toEqual({
    kind: 'strategic',
    patch: {
      spec: {
        replicas: null,
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'a' }],
            containers: [
              { name: 'a', image: 'x:2' },
              { $patch: 'delete', name: 'b' },
            ],
          },
        },
      },
    },
  })
})

test('custom resources are patched as plain JSON', () => {
  const object = (spec: object) => ({ apiVersion: 'lib.example.com/v1', kind: 'Book', metadata: { name: 'x' }, spec })
  expect(threeWayPatch(object({ a: 1, b: 2 }), object({ a: 3 }), object({ a: 1, b: 2, c: 4 }))).toEqual({
    kind: 'merge',
    patch: { spec: { a: 3, b: null } },
  })
})
