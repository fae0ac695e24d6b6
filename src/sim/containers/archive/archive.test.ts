import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { FileContent } from '../../linux/fs/content.ts'
import { layerSize, makeLayer } from '../../linux/fs/layer.ts'
import { digestOf } from '../images/sha256.ts'
import { gunzip, gzip } from './gzip.ts'
import { layerEntries, layerFromTar, readTar, writeTar } from './tar.ts'

const text = (length: number) =>
  new TextEncoder().encode(Array.from({ length }, (_, i) => `line ${(i * 7919) % 613}\n`).join(''))

describe('archives', () => {
  it('compresses what zlib reads and reads what zlib compresses', () => {
    for (const data of [new Uint8Array(0), text(1), text(5000), new Uint8Array(100_000)]) {
      expect(gunzipSync(gzip(data)).equals(data)).toBe(true)
      expect(Buffer.from(gunzip(gzipSync(data))).equals(data)).toBe(true)
    }
  })

  it('computes SHA-256', () => {
    for (const data of [new Uint8Array(0), text(3), text(1000), new Uint8Array(119)])
      expect(digestOf(data)).toBe(`sha256:${createHash('sha256').update(data).digest('hex')}`)
  })

  it('writes hard links once, and long targets whole', () => {
    const content = FileContent.of('x'.repeat(10_000))
    const target = 't'.repeat(120)
    const layer = makeLayer([
      ['bin/busybox', { content, mode: 0o755 }],
      ['bin/cat', { content, mode: 0o755 }],
      ['bin/other', { content, mode: 0o644 }],
      ['link', { target }],
    ])
    expect(layerSize(layer)).toBe(10_000)
    const entries = readTar(writeTar(layerEntries(layer)))
    expect(entries.map(({ type, target }) => [type, target])).toEqual([
      ['directory', undefined],
      ['file', undefined],
      ['link', 'bin/busybox'],
      ['file', undefined],
      ['symlink', target],
    ])
    expect(layerSize(layerFromTar(entries))).toBe(20_000)
  })

  it('keeps a layer, with whiteouts, through tar', () => {
    const layer = makeLayer([
      ['a/b', { content: 'x', mode: 0o600, uid: 5 }],
      ['a/gone', { whiteout: true }],
      ['dark', { directory: true, opaque: true }],
      ['link', { target: 'a/b' }],
      [`long/${'n'.repeat(120)}`, 'y'],
    ])
    const again = layerFromTar(readTar(writeTar(layerEntries(layer))))
    expect([...layerEntries(again)]).toEqual([...layerEntries(layer)])
  })
})
