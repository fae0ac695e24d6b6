// `node scripts/pick-recordings.mjs DIR` copies into test/golden/recordings the recordings below DIR that match in every
// step: at most two of each area, the shortest first.
process.argv.splice(2, 0, 'test/golden/pick.ts')
await import('./run-ts.mjs')
