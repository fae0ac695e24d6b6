// npm run sweep [-- --minutes 5] [--seed 1] [--steps 25]: random journals until time is up; prints what broke, shrunk.
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { broken } from './invariants.ts'
import { steps } from './journal.ts'
import { dump, play, replay } from './play.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    steps: { type: 'string', default: '25' },
  },
})
const seed = Number(values.seed)
const ends = performance.now() + Number(values.minutes) * 60_000
console.log(`seed ${seed}`)
let journals = 0
const result = await fc.check(
  fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), steps(Number(values.steps)), async (worldSeed, journal) => {
    const played = await play(worldSeed, journal)
    const problems = broken(played, journal)
    if (journals++ % 5 === 0 && dump(await replay(played.world)) !== dump(played.world))
      problems.push('the same journal gave other bytes')
    if (problems.length > 0) throw new Error(problems.slice(0, 8).join('\n'))
  }),
  { seed, numRuns: 1_000_000, interruptAfterTimeLimit: ends - performance.now(), markInterruptAsFailure: false },
)
console.log(`${journals} journals`)
if (result.failed && result.counterexample) {
  const [worldSeed, journal] = result.counterexample
  console.log(`broken, with the world's seed ${worldSeed}:`)
  for (const step of journal) console.log(`  ${step.do === 'type' ? step.text : JSON.stringify(step)}`)
  console.log((result.errorInstance as Error | undefined)?.message)
  process.exitCode = 1
} else console.log('nothing broke')
process.exit()
