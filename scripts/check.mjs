// Everything CI runs, in one go: format and lint, layers, types, unused exports, build, tests, content proofs.
import { spawnSync } from 'node:child_process'

const steps = [
  ['format and lint', 'npx', ['biome', 'check', '--error-on-warnings', '.']],
  ['layers', 'node', ['scripts/layers.mjs']],
  ['types of the simulator', 'npx', ['tsc', '-p', 'src/sim']],
  ['types of the commands', 'npx', ['tsc', '-p', 'src/commands']],
  ['types', 'npx', ['tsc', '-p', '.']],
  ['unused exports', 'npx', ['knip', '--no-progress']],
  ['build', 'node', ['scripts/build.mjs', '--quiet']],
  ['tests', 'npx', ['vitest', 'run']],
  ['content', 'node', ['dist/kubebook.js', 'check']],
]
const only = process.argv.slice(2)
let failed = 0
for (const [title, command, args] of steps) {
  if (only.length > 0 && !only.includes(title)) continue
  console.log(`\n== ${title}`)
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, npm_config_loglevel: 'error' },
  })
  if (status !== 0) {
    failed++
    console.log(`== ${title}: failed`)
  }
}
process.exitCode = failed === 0 ? 0 : 1
