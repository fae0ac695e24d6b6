// `npm run golden -- DIR… --diff`: see test/golden/main.ts.
process.argv.splice(2, 0, 'test/golden/main.ts')
await import('./run-ts.mjs')
