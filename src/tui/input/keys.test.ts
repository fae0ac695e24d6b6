import { describe, expect, it } from 'vitest'
import { KeyReader } from './keys.ts'

describe('keys', () => {
  it('reads letters, Chinese, arrows and Enter', () => {
    expect(new KeyReader().read('q容\x1b[A\r').map((key) => key.name)).toEqual(['q', '容', 'up', 'enter'])
  })

  it('puts an escape sequence together that comes in pieces', () => {
    const keys = new KeyReader()
    expect(keys.read('\x1b')).toEqual([])
    expect(keys.read('[')).toEqual([])
    expect(keys.read('Zx')).toEqual([
      { name: 'shift-tab', raw: '\x1b[Z' },
      { name: 'x', raw: 'x' },
    ])
  })

  it('takes a lone Esc for the Esc key', () => {
    const keys = new KeyReader()
    expect(keys.read('\x1b')).toEqual([])
    expect(keys.waiting).toBe(true)
    expect(keys.flush()).toEqual([{ name: 'escape', raw: '\x1b' }])
  })

  it('keeps a paste together, however it is cut', () => {
    const keys = new KeyReader()
    expect(keys.read('\x1b[200~one\ntw')).toEqual([])
    expect(keys.waiting).toBe(false)
    expect(keys.read('o\x1b[201~q')).toEqual([
      { name: 'paste', raw: 'one\ntwo' },
      { name: 'q', raw: 'q' },
    ])
  })
})
