import fc from 'fast-check'
import { expect, test } from 'vitest'
import { broken } from './invariants.ts'
import { type Step, steps } from './journal.ts'
import { dump, play, replay } from './play.ts'

/** Another seed tries other journals; `npm run sweep` tries many. */
const seed = Number(process.env.KUBEBOOK_SEED ?? 20)

test('random journals with nodes lost, images missing and watches late keep every promise', async () => {
  const journals = fc.asyncProperty(fc.integer({ min: 1, max: 1000 }), steps(10), async (world, journal) => {
    const played = await play(world, journal)
    expect(broken(played, journal)).toEqual([])
  })
  // A counterexample is told with its seed and path.
  await fc.assert(journals, { seed, numRuns: 3, endOnFailure: true })
}, 60_000)

test('the same journal gives the same bytes, whatever happens in it', async () => {
  const journal: Step[] = [
    {
      do: 'type',
      text: 'kubectl create deploy a --image=nginx:alpine --replicas=3; kubectl expose deploy a --port=80',
    },
    { do: 'wait', seconds: 20 },
    { do: 'node-down', node: 'worker' },
    { do: 'type', text: 'kubectl set image deploy a nginx=nginx:nosuch' },
    { do: 'wait', seconds: 60 },
  ]
  const { world, faults } = await play(seed, journal)
  expect(faults).toEqual([])
  expect(dump(await replay(world))).toBe(dump(world))
}, 60_000)
