// npm run fidelity: writes docs/fidelity.md from the source.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fidelity } from './document.ts'

const root = process.env.KUBEBOOK_ROOT ?? process.cwd()
const { text, problems } = fidelity(root)
writeFileSync(join(root, 'docs/fidelity.md'), text)
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
