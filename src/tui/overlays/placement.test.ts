import { expect, test } from 'vitest'
import { thinTopology } from '../../sim/kubernetes/cluster/topology.ts'
import { createWorld } from '../../sim/world/create-world.ts'
import { uiWords } from '../words.ts'
import { placementLines, placements } from './placement.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))
const pod = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'nginx', ...spec }] },
})

test('for each Pod tried since a moment: what every plugin said of every node, the unplaced last', async () => {
  const world = await createWorld({
    seed: 1,
    topology: 'two-node',
    commands: new Map(),
    drain,
    cluster: thinTopology(2),
  })
  const since = world.now
  world.client!.create('pods', pod('huge', { resources: { requests: { cpu: '999' } } }))
  world.client!.create('pods', pod('small', {}))
  await world.run({ until: world.now + 2000 })
  const verdicts = placements(world, since)
  expect(verdicts.map(({ name }) => name)).toEqual(['small', 'huge'])
  const text = verdicts
    .flatMap((verdict) => placementLines(verdict, uiWords.en, 200))
    .map((line) => line.map((span) => span.text).join(''))
  expect(text.join('\n')).toMatch(/default\/small: how the scheduler saw the nodes\n.*(✓ .*\n.*){2}/)
  expect(text.filter((line) => / chosen {2}\d+ points \(.*NodeResourcesFit \d+/.test(line))).toHaveLength(1)
  expect(text.filter((line) => line.includes('NodeResourcesFit: Insufficient cpu'))).toHaveLength(2)
  expect(placements(world, world.now + 1)).toEqual([])
})
