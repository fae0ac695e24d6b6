import { writeFileSync } from 'node:fs'
import { coverage, coverageFile } from './coverage.ts'

const { markdown, missing } = coverage()
writeFileSync(coverageFile, markdown)
for (const name of missing) console.log(`nowhere in the book: ${name}`)
