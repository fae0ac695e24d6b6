import { describe, expect, it } from 'vitest'
import type { Program } from '../../linux/process.ts'
import { asProgram, runApplet } from '../applet/applet.ts'
import { runProgram } from '../testing/run-program.ts'
import { splitKeys } from './keys.ts'
import { vi } from './vi.ts'

/** The file after these keys and `:wq`. */
async function edited(text: string, keys: string): Promise<string> {
  const thenCat: Program = async (process) => {
    const status = await runApplet(vi, process, 'gnu', process.argv)
    await process.print(process.files.readText('/root/f'))
    return status
  }
  const run = await runProgram(thenCat, ['vi', 'f'], { stdin: `${keys}\x1b:wq\n`, files: { '/root/f': text } })
  expect(run.faults).toEqual([])
  return run.stdout
}

describe('vi', () => {
  it.each([
    ['inserts before, behind and around a line', 'b\n', 'iA\x1bAz\x1bOfirst\x1bGolast\x1b', 'first\nAbz\nlast\n'],
    ['deletes words, characters and lines', 'one two three\nx\ny\n', 'dwxjdd', 'wo three\ny\n'],
    [
      'changes a word and repeats the change',
      'replicas: 3\nreplicas: 5\n',
      '$cw7\x1bj$.',
      'replicas: 7\nreplicas: 7\n',
    ],
    ['moves lines by yank and put', 'a\nb\nc\n', 'yyjpGddggP', 'c\na\nb\na\n'],
    ['undoes and redoes', 'a\nb\n', 'dddduu\x12', 'b\n'],
    [
      'replaces text on all lines',
      'nginx:1.20\nnginx:1.20 nginx:1.20\n',
      ':%s/nginx:1\\.20/nginx:1.21/g\n',
      'nginx:1.21\nnginx:1.21 nginx:1.21\n',
    ],
    ['searches, and takes counts and text objects', 'x\nimage: "old"\n', '/image\nf"ci"new\x1b', 'x\nimage: "new"\n'],
    ['indents selected lines', 'a\nb\nc\n', 'Vj>', '        a\n        b\nc\n'],
  ])('%s', async (_title, text, keys, wanted) => {
    expect(await edited(text, keys)).toBe(wanted)
  })

  it('will not leave a changed file behind unasked', async () => {
    const run = await runProgram(asProgram(vi, 'gnu'), ['vi', '/root/f'], {
      stdin: 'x:q\n',
      files: { '/root/f': 'abc\n' },
    })
    expect(run.status).toBe(1)
  })
})

it('tells a lone escape from a cursor key', () => {
  expect(splitKeys('a\x1b[A\x1b:q\r\x06')).toEqual(['a', 'Up', 'Escape', ':', 'q', 'Enter', 'Ctrl-F'])
})
