// Compares with the Node.js of this machine: `npm run node-sweep`; `-- --record` keeps its answers for the fast test.
import { writeFileSync } from 'node:fs'
import { answersFile, ourAnswers, realAnswers, snippets } from './snippets.ts'

const real = realAnswers()
if (!real) {
  console.log('no node on this machine: nothing to compare with')
  process.exit(0)
}
if (process.argv.includes('--record')) writeFileSync(answersFile, `${JSON.stringify(real, null, 1)}\n`)
const ours = await ourAnswers()
let same = 0
snippets.forEach((snippet, i) => {
  if (real[i] === ours[i]) {
    same++
    return
  }
  console.log(
    `--- ${i}: ${snippet.slice(0, 200)}\n  real: ${JSON.stringify(real[i])}\n  ours: ${JSON.stringify(ours[i])}`,
  )
})
console.log(`${same} of ${snippets.length} the same`)
