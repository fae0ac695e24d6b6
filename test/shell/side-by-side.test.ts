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
    const real = await realOutcomes(CORPUS)
    for (const [i, snippet] of CORPUS.entries()) expect.soft(await shell.outcome(snippet), snippet).toEqual(real[i])
  }, 60_000)

  test(`${SCRIPTS} scripts made from the grammar (seed ${SEED}) print and end the same`, async () => {
    const shell = new OurShell()
    const scripts = fc.sample(script, { seed: SEED, numRuns: SCRIPTS })
    const real = await realOutcomes(scripts)
    for (const [i, text] of scripts.entries()) expect.soft(await shell.outcome(text), text).toEqual(real[i])
  }, 60_000)
})
