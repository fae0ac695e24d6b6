// `npm run bench [-- --quick]`: see test/bench/main.ts. Builds the bundle first.
import { spawnSync } from 'node:child_process'

spawnSync(process.execPath, ['scripts/build.mjs', '--quiet'], { stdio: 'inherit' })
process.env.KUBEBOOK_NODE_FLAGS = '--expose-gc --max-old-space-size=8192'
process.argv.splice(2, 0, 'test/bench/main.ts')
await import('./run-ts.mjs')
