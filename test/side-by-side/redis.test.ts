// The same conversations with a real redis and the simulated one: the same answers.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REDIS, startPair } from './redis-pair.ts'

if (!REDIS) console.log('redis side by side: skipped, there is no redis-server and redis-cli on this machine')

/** Parted by empty lines; each goes on with the data of those before it. */
const conversations = readFileSync(join(import.meta.dirname, 'redis-conversations.txt'), 'utf8')
  .trim()
  .split('\n\n')
const plain = (text: string) => text.replace(/^(master_replid):[0-9a-f]{40}/gm, '$1:…')

describe.runIf(REDIS)('redis beside the real one', () => {
  let pair: Awaited<ReturnType<typeof startPair>>
  beforeAll(async () => {
    pair = await startPair()
  })
  afterAll(() => pair?.stop())

  test('conversations of redis-cli', async () => {
    for (const lines of conversations) {
      const { expected, seen } = await pair.talk(lines, '--no-raw')
      expect(plain(seen), lines).toBe(plain(expected))
    }
  })

  test('values as they are, for pipes', async () => {
    const lines =
      'set raw "a\\nb"\nget raw\nget none\nrpush rawlist 1 "" 3\nlrange rawlist 0 -1\nincr raw\nmget raw none'
    const { expected, seen } = await pair.talk(lines, '--raw')
    expect(seen).toBe(expected)
  })
})
