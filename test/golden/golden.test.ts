import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openLab } from './lab.ts'
import { replay } from './replay.ts'
import { describeStep } from './report.ts'
import { findScenarios, loadScenario } from './scenario.ts'

const recordings = join(dirname(fileURLToPath(import.meta.url)), 'recordings')

test.each(findScenarios(recordings).map((path) => [path.slice(recordings.length + 1), path]))(
  'every step of %s comes out as recorded',
  async (_name, path) => {
    const { steps } = await replay(loadScenario(path), openLab)
    const wrong = steps.filter((step) => step.matches === false)
    expect(wrong.map(describeStep).join('\n')).toBe('')
    expect(steps.some((step) => step.matches)).toBe(true)
  },
)
