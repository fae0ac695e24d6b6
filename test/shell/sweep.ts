// Scripts made from the grammar through the machine's own busybox sh and ours, for as long as wanted:
// node scripts/run-ts.mjs test/shell/sweep.ts [SECONDS [SEED]]
import fc from 'fast-check'
import { script } from './grammar.ts'
import { busyboxAbsent, OurShell, realOutcomes } from './side-by-side.ts'

const BATCH = 100
const [seconds = '60', seed = '1'] = process.argv.slice(2)
if (busyboxAbsent) {
  console.log('skipped: this machine has no busybox')
  process.exit(0)
}
const shell = new OurShell()
const end = performance.now() + Number(seconds) * 1000
let tried = 0
let different = 0
for (let at = Number(seed); performance.now() < end; at++) {
  const scripts = fc.sample(script, { seed: at, numRuns: BATCH })
  const real = await realOutcomes(scripts, 5)
  for (const [i, text] of scripts.entries()) {
    tried++
    const ours = await shell.outcome(text)
    // One without an end says nothing.
    if (real[i]!.status === 143) continue
    if (ours.stdout === real[i]!.stdout && ours.status === real[i]!.status) continue
    different++
    console.log(
      `==== seed ${at}, script ${i}\n${text}\n---- busybox ${real[i]!.status}\n${real[i]!.stdout}---- ours ${ours.status}\n${ours.stdout}`,
    )
  }
}
console.log(`${tried} scripts from seed ${seed}, ${different} different`)
process.exit(different === 0 ? 0 : 1)
