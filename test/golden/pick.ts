import { copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openLab } from './lab.ts'
import { replay } from './replay.ts'
import { findScenarios, loadScenario } from './scenario.ts'

const AN_AREA = 2
/** Bytes; a long recording says little more than a short one. */
const LARGEST = 12_000

const root = process.env.KUBEBOOK_ROOT ?? process.cwd()
const target = join(root, 'test/golden/recordings')
rmSync(target, { recursive: true, force: true })
const taken = new Map<string, number>()
const paths = process.argv
  .slice(2)
  .flatMap(findScenarios)
  .filter((path) => statSync(path).size < LARGEST)
  .sort((a, b) => statSync(b).size - statSync(a).size)
for (const path of paths) {
  const area = basename(dirname(path))
  if ((taken.get(area) ?? 0) >= AN_AREA) continue
  try {
    const { steps, took } = await replay(loadScenario(path), openLab)
    const compared = steps.filter((step) => step.matches !== undefined)
    if (compared.length < 3 || compared.some((step) => !step.matches) || took > 1500) continue
  } catch {
    continue
  }
  taken.set(area, (taken.get(area) ?? 0) + 1)
  const kind = basename(dirname(dirname(path)))
  mkdirSync(join(target, kind, area), { recursive: true })
  copyFileSync(path, join(target, kind, area, basename(path)))
  console.log(`${kind}/${area}/${basename(path)}`)
}
process.exit(0)
