import { expect, test } from 'vitest'
import { asProgram } from '../applet/applet.ts'
import { runProgram } from '../testing/run-program.ts'
import { sed as applet } from './sed.ts'

const gnu = asProgram(applet, 'gnu')
const busybox = asProgram(applet, 'busybox')

/** Arguments, standard input, what GNU sed 4.9 prints. */
const CASES: [string[], string, string][] = [
  [['1i a\\nb'], 'x\n', 'a\nb\nx\n'],
  [['1i\\  a\\tb'], 'x\n', '  a\tb\nx\n'],
  [['a\\\none\\\ntwo'], 'x\n', 'x\none\ntwo\n'],
  [['-e', 'a\\', '-e', '  foo'], 'x\n', 'x\n  foo\n'],
  [['-e', '1{a foo', '-e', '}'], 'x\n', 'x\nfoo\n'],
  [['a hello\\'], 'x\n', 'x\nhello\n'],
  [['i\\'], 'x\n', 'x\n'],
  [['1c a\\x41'], 'x\n', 'aA\n'],
  [['s/\\x41/\\o102\\d067/'], 'xA\n', 'xBC\n'],
  [['s/\\x2f/[\\x26]/'], 'a/b&\n', 'a[&]b&\n'],
  [['s/[\\x61-\\x63]/Z/g'], 'abcd\n', 'ZZZd\n'],
  [['s/\\\\x41/no/'], 'xA\n', 'xA\n'],
]

test('scripts print what GNU sed prints', async () => {
  for (const [args, stdin, expected] of CASES) {
    const { stdout, stderr } = await runProgram(gnu, ['sed', ...args], { stdin })
    expect(stdout + stderr, args.join(' ')).toBe(expected)
  }
})

test('busybox knows letters after a backslash, but no numbers', async () => {
  expect((await runProgram(busybox, ['sed', '1i a\\nb\\x41'], { stdin: 'x\n' })).stdout).toBe('a\nbx41\nx\n')
})
