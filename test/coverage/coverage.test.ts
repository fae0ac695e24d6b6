import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { coverage, coverageFile } from './coverage.ts'

const now = coverage()

test('every section, command and manifest of the notes is in the book', () => {
  expect(now.missing).toEqual([])
})

test('docs/coverage.md says what the pages say (npm run coverage writes it)', () => {
  expect(readFileSync(coverageFile, 'utf8')).toBe(now.markdown)
})
