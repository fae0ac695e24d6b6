// Asks the real Prometheus every question and keeps the answers: `node scripts/run-ts.mjs test/promql/record.ts`.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { comparable, questions } from './ask.ts'
import { absent, realPrometheus } from './prometheus.ts'

const why = absent()
if (why) throw new Error(why)
const prometheus = await realPrometheus()
const lines: string[] = []
for (const question of questions())
  lines.push(JSON.stringify([question.line, comparable(question, await prometheus.ask(question))]))
prometheus.stop()
writeFileSync(join(process.env.KUBEBOOK_ROOT ?? '.', 'test/promql/answers.jsonl'), `${lines.join('\n')}\n`)
console.log(`${lines.length} answers`)
