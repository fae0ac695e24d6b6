// Bundles one TypeScript file of the repository and runs it: `node scripts/run-ts.mjs test/golden/main.ts ARGS…`.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { apiDescriptionsPlugin } from './api-descriptions.mjs'
import { rawTextPlugin } from './raw-text.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [entry, ...args] = process.argv.slice(2)
const folder = join(root, 'node_modules/.cache/kubebook')
mkdirSync(folder, { recursive: true })
const outfile = join(folder, `${basename(dirname(entry))}-${basename(entry, '.ts')}-${process.pid}.mjs`)
await build({
  entryPoints: [join(root, entry)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  plugins: [apiDescriptionsPlugin, rawTextPlugin],
  logLevel: 'error',
})
const { rmSync } = await import('node:fs')
const result = spawnSync(
  process.execPath,
  ['--enable-source-maps', ...(process.env.KUBEBOOK_NODE_FLAGS?.split(' ') ?? []), outfile, ...args],
  {
    stdio: 'inherit',
    env: { ...process.env, KUBEBOOK_ROOT: root },
  },
)
rmSync(outfile, { force: true })
process.exitCode = result.status ?? 1
