import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { declarations } from './declarations.ts'
import { fidelity } from './document.ts'
import { sources } from './syntax.ts'
import { verdicts } from './verdicts.ts'

const root = join(import.meta.dirname, '../..')

test('docs/fidelity.md says what the source does; run `npm run fidelity` when it does not', () => {
  const { text, problems } = fidelity(root)
  expect(problems).toEqual([])
  expect(readFileSync(join(root, 'docs/fidelity.md'), 'utf8')).toBe(text)
})

test('a field nothing reads any more is no longer called simulated', () => {
  const prober = /\/kubelet\/probes\/probe-manager\.ts$/
  const files = sources(root, prober)
  const declared = declarations(root)
  expect(verdicts(files, declared).of('core.v1.Probe', 'failureThreshold')).toBe('simulated')
  expect(verdicts([], declared).of('core.v1.Probe', 'failureThreshold')).toBe('stored')
})
