import { describe, expect, it } from 'vitest'
import type { Lab } from './lab.ts'
import { everyVariant, variantOf } from './variants.ts'

const lab = {
  id: 'x',
  values: {
    app: ['shop', 'blog'],
    port: [
      { right: 80, wrong: 81 },
      { right: 90, wrong: 91 },
      { right: 70, wrong: 71 },
    ],
  },
  start: { topology: 'none', commands: 'run __app__ --port=__port.wrong__ __other__' },
  grader: { checks: [{ object: { spec: { port: '__port.right__' }, labels: { __app__: 'x' } } }] },
} as unknown as Lab

describe('values that differ', () => {
  it('are the same for the same seed, and fill both files', () => {
    expect(variantOf(lab, 7)).toEqual(variantOf(lab, 7))
    const { start, grader } = everyVariant(lab)[1]!.lab
    expect(start.commands).toBe('run blog --port=91 __other__')
    expect(grader.checks[0]!.object).toEqual({ spec: { port: 90 }, labels: { blog: 'x' } })
  })

  it('all occur in the variants that are proven, and in the draws', () => {
    expect(everyVariant(lab).map(({ lab }) => lab.start.commands)).toEqual([
      'run shop --port=81 __other__',
      'run blog --port=91 __other__',
      'run shop --port=71 __other__',
    ])
    const drawn = new Set(Array.from({ length: 40 }, (_, seed) => variantOf(lab, seed).start.commands))
    expect(drawn.size).toBe(6)
  })

  it('leave a lab without values alone', () => {
    const { values: _, ...plain } = lab
    expect(everyVariant(plain as Lab)).toEqual([{ name: '', lab: plain }])
  })
})
