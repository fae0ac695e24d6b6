// The same configurations and requests for a real nginx and the simulated one: the same answers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BROKEN, CASES } from './nginx-cases.ts'
import { type Answers, NGINX, startPair } from './nginx-pair.ts'

if (!NGINX) console.log('nginx side by side: skipped, there is no nginx on this machine')

describe.runIf(NGINX)('nginx beside the real one', () => {
  let pair: Awaited<ReturnType<typeof startPair>>
  beforeAll(async () => {
    pair = await startPair()
    expect(pair.problem).toBe('')
  })
  afterAll(() => pair?.stop())

  const compare = async (questions: readonly string[], answer: (question: string) => Promise<Answers>) => {
    const expected: Record<string, string> = {}
    const seen: Record<string, string> = {}
    for (const question of questions) {
      const both = await answer(question)
      expected[question] = both.expected
      seen[question] = both.seen
    }
    expect(seen).toEqual(expected)
  }

  test.each(CASES.map((each, i) => [each.title, each, i] as const))('%s', (_title, each, i) =>
    compare(each.requests, (request) => pair.ask(i, request)),
  )
  test('what nginx -t says of wrong configurations', () => compare(BROKEN, (text) => pair.check(text)))
})
