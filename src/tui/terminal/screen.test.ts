import { describe, expect, it } from 'vitest'
import { lineText } from '../../course/text/span.ts'
import { Screen } from './screen.ts'

async function screenAfter(text: string, columns = 20, rows = 4): Promise<Screen> {
  const screen = new Screen(columns, rows)
  await new Promise<void>((done) => {
    screen.onChange(done)
    screen.write(text)
  })
  return screen
}

describe('the terminal screen', () => {
  it('keeps colours and positions', async () => {
    const screen = await screenAfter('ok \x1b[32mgreen\x1b[0m\r\n\x1b[3Cx')
    expect(
      screen
        .lines(false)
        .slice(0, 2)
        .map((line) => lineText(line)),
    ).toEqual(['ok \x1b[32mgreen\x1b[0m', '   x'])
  })

  it('keeps Chinese aligned: two columns a character', async () => {
    const screen = await screenAfter('容器\x1b[1;6H|')
    expect(lineText(screen.lines(false)[0]!)).toBe('容器 |')
  })

  it('draws the cursor and scrolls back', async () => {
    const screen = await screenAfter('1\r\n2\r\n3\r\n4\r\n5')
    expect(lineText(screen.lines(true)[3]!)).toBe('5\x1b[7m \x1b[0m')
    screen.scroll(1)
    expect(screen.lines(false).map((line) => lineText(line))).toEqual(['1', '2', '3', '4'])
    screen.toBottom()
    expect(lineText(screen.lines(false)[3]!)).toBe('5')
  })
})
