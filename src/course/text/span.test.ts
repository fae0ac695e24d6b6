import { describe, expect, it } from 'vitest'
import { lineText, lineWidth, padLine, wrapSpans } from './span.ts'

const wrap = (text: string, width: number) => wrapSpans([{ text }], width).map((line) => lineText(line))

describe('wrapping', () => {
  it('breaks between words and drops the blank', () => {
    expect(wrap('a Pod is a thin shell', 9)).toEqual(['a Pod is', 'a thin', 'shell'])
  })

  it('breaks Chinese anywhere but before closing punctuation', () => {
    expect(wrap('集群运行的是容器。', 16)).toEqual(['集群运行的是容', '器。'])
    expect(wrap('用 kubectl 查看（状态）', 14)).toEqual(['用 kubectl 查', '看（状态）'])
  })

  it('counts columns, not characters', () => {
    expect(lineWidth([{ text: '容器 ok' }])).toBe(7)
    expect(lineText(padLine([{ text: '容器容器' }], 5))).toBe('容器 ')
  })

  it('keeps styles across a break', () => {
    const lines = wrapSpans([{ text: 'one ' }, { text: 'two three', sgr: '1' }], 7)
    expect(lines.map((line) => lineText(line))).toEqual(['one \x1b[1mtwo\x1b[0m', '\x1b[1mthree\x1b[0m'])
  })
})
