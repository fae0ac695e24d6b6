import { expect, test } from 'vitest'
import type { PageAction } from '../page/layout.ts'
import { nextAction } from './next-action.ts'

const run = (id: string): PageAction => ({ type: 'run', script: `echo ${id}`, id })
const question = { ask: 'What?', choices: [], run: 'kubectl apply -f claim.yml' }
const choice = (index: number): PageAction => ({ type: 'choice', kind: 'predict', question, index, id: `p#2.${index}` })
const actions = [run('p#1'), choice(0), choice(1), run('p#3')].map((action) => ({ action, from: 0, to: 0 }))

test('r does not pass over a prediction: it leads to the question, and there shows what happens', () => {
  const next = (selected: PageAction | undefined, done: string[], answers: [string, number][] = []) =>
    nextAction(actions, selected, new Map(answers), new Set(done))?.id
  expect(next(undefined, [])).toBe('p#1')
  expect(next(undefined, ['p#1'])).toBe('p#2.0')
  expect(nextAction(actions, choice(1), new Map(), new Set(['p#1']))).toEqual({
    type: 'run',
    script: 'kubectl apply -f claim.yml',
    id: 'p#2.run',
  })
  expect(next(choice(1), ['p#1', 'p#2.run'])).toBe('p#3')
  expect(next(undefined, ['p#1'], [['p#2', 0]])).toBe('p#3')
})
