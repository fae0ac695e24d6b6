import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { script } from './grammar.ts'
import { busyboxAbsent, OurShell, realOutcomes } from './side-by-side.ts'

const CORPUS = readFileSync(join(import.meta.dirname, 'corpus.txt'), 'utf8')
  .trimEnd()
  .split('\n====\n')
const SEED = 7
const SCRIPTS = 60

if (busyboxAbsent) console.log('shell side by side: skipped, this machine has no busybox')

describe.skipIf(busyboxAbsent)("side by side with the machine's own busybox sh", () => {
  test(`each of ${CORPUS.length} snippets prints and ends the same`, async () => {
    const shell = new OurShell()
    const real = realOutcomes(CORPUS)
    const ours = []
    for (const snippet of CORPUS) ours.push(await shell.outcome(snippet))
    for (const [i, outcome] of (await real).entries()) expect.soft(ours[i], CORPUS[i]).toEqual(outcome)
  }, 90_000)

  test(`${SCRIPTS} scripts made from the grammar (seed ${SEED}) print and end the same`, async () => {
    const shell = new OurShell()
    const scripts = fc.sample(script, { seed: SEED, numRuns: SCRIPTS })
    const real = realOutcomes(scripts)
    const ours = []
    for (const text of scripts) ours.push(await shell.outcome(text))
    for (const [i, outcome] of (await real).entries()) expect.soft(ours[i], scripts[i]).toEqual(outcome)
  }, 90_000)
})
