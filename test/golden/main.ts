// npm run golden -- DIR… [--diff] [--area NAME] [--file TEXT] [--list]
// Replays recorded transcripts in fresh worlds and says how many steps come out equal.
import { parseArgs } from 'node:util'
import { openLab } from './lab.ts'
import { type Replay, replay } from './replay.ts'
import { describeStep, summary } from './report.ts'
import { findScenarios, loadScenario } from './scenario.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    diff: { type: 'boolean' },
    area: { type: 'string', multiple: true },
    file: { type: 'string' },
    'fail-under': { type: 'string' },
  },
})

if (positionals.length === 0) {
  console.error('usage: npm run golden -- DIR… [--diff] [--area NAME]… [--file TEXT] [--fail-under PERCENT]')
  process.exit(2)
}

// A fault of the simulator in one scenario must not hide the others.
process.on('unhandledRejection', (error) => console.log(`unhandled: ${error instanceof Error ? error.stack : error}`))

const replays: Replay[] = []
for (const path of positionals.flatMap(findScenarios)) {
  if (values.file && !path.includes(values.file)) continue
  let scenario: ReturnType<typeof loadScenario>
  try {
    scenario = loadScenario(path)
  } catch (error) {
    console.log(`${path}: cannot be read: ${error}`)
    continue
  }
  if (values.area && !values.area.includes(scenario.area)) continue
  try {
    const result = await replay(scenario, openLab)
    replays.push(result)
    const failing = result.steps.filter((s) => s.matches === false)
    if (values.diff && failing.length > 0) {
      console.log(`\n== ${path}: ${scenario.title}`)
      for (const step of failing) console.log(describeStep(step))
    }
  } catch (error) {
    console.log(`\n== ${path}: ${error instanceof Error ? error.stack : error}`)
    const steps = scenario.steps
      .filter((s) => s.kind === 'run')
      .map((step) => ({ step, matches: step.unstable ? undefined : false, differences: [], note: 'the world broke' }))
    replays.push({ scenario, steps, took: 0 })
  }
}
console.log(summary(replays))
const compared = replays.flatMap((r) => r.steps).filter((s) => s.matches !== undefined)
const percent = compared.length === 0 ? 0 : (100 * compared.filter((s) => s.matches).length) / compared.length
process.exit(values['fail-under'] && percent < Number(values['fail-under']) ? 1 : 0)
