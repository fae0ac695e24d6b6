import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { comparable, ourPrometheus, questions } from './ask.ts'
import { absent, realPrometheus } from './prometheus.ts'

const ask = ourPrometheus()

describe('PromQL', () => {
  it('answers every query as the real Prometheus did', () => {
    const recorded = readFileSync(new URL('answers.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n')
    const answers = new Map(recorded.map((line) => JSON.parse(line) as [string, unknown]))
    const all = questions()
    expect(all.length).toBeGreaterThan(250)
    for (const question of all)
      expect({ query: question.line, answer: comparable(question, ask(question)) }).toEqual({
        query: question.line,
        answer: answers.get(question.line),
      })
  })

  const why = process.env.KUBEBOOK_DOORS === 'all' ? absent() : 'asked only by npm run doors'
  it.skipIf(why)(`answers as the Prometheus of this machine does${why ? ` (${why})` : ''}`, async () => {
    const prometheus = await realPrometheus()
    try {
      for (const question of questions())
        expect({ query: question.line, answer: comparable(question, ask(question)) }).toEqual({
          query: question.line,
          answer: comparable(question, await prometheus.ask(question)),
        })
    } finally {
      prometheus.stop()
    }
  })
})
