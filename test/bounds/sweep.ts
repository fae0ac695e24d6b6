// Types every snippet of a file (one a line) at a simulated terminal, presses Ctrl-C and tells what gave cause to doubt:
// node scripts/run-ts.mjs test/bounds/sweep.ts test/bounds/snippets.txt [FIRST [LAST]]
import { readFileSync } from 'node:fs'
import { runAway } from './runaway.ts'

const [file = 'test/bounds/snippets.txt', first = '1', last = '9999'] = process.argv.slice(2)
let doubtful = 0
for (const [index, text] of readFileSync(file, 'utf8').split('\n').entries()) {
  if (text === '' || index + 1 < Number(first) || index + 1 > Number(last)) continue
  const topology = text.includes('docker ') ? 'docker' : 'none'
  const { ended, stopped, deaf, shown, memory } = await runAway(text, { topology })
  const doubt = stopped === undefined || stopped > 1000 || deaf > 600 || memory > 600e6
  if (doubt) doubtful++
  const how = ended ? 'ended' : stopped === undefined ? 'NOT STOPPED' : `stopped in ${stopped.toFixed(0)} ms`
  console.log(
    `${doubt ? '!!' : 'ok'} ${index + 1}: ${text.slice(0, 90)}\n   ${how}, deaf ${deaf.toFixed(0)} ms, ${(memory / 1e6).toFixed(0)} MB; ${JSON.stringify(shown.split('\n').slice(1).join('\n').slice(-160))}`,
  )
}
console.log(`${doubtful} doubtful`)
process.exit(doubtful === 0 ? 0 : 1)
