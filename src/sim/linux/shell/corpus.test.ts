import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { programs } from '../../programs/index.ts'
import { alpineFiles } from '../../programs/userlands.ts'
import { testMachine } from './test-machine.ts'

const CORPUS = readFileSync(join(import.meta.dirname, '../../../../test/shell/corpus.txt'), 'utf8')
const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' }
const absent = spawnSync('busybox', ['sh', '-c', ':']).status !== 0

interface Outcome {
  stdout: string
  status: number | null | undefined
}

function real(text: string): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'shell-'))
  try {
    const { stdout, status } = spawnSync('busybox', ['sh', '-c', text], {
      cwd: folder,
      env: ENV,
      input: '',
      timeout: 10_000,
    })
    return { stdout: stdout.toString().replaceAll(folder, '/tmp/w'), status }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function ours(text: string): Promise<Outcome> {
  const machine = testMachine(programs, () => new Promise((done) => setImmediate(done)))
  const { files } = machine.kernel
  files.mkdir('/tmp/w', { parents: true })
  for (const [path] of alpineFiles()) {
    if (path === 'bin/busybox') continue
    if (files.exists(`/${path}`)) files.unlink(`/${path}`)
    files.symlink('/bin/busybox', `/${path}`)
  }
  const { stdout, status } = await machine.run(['sh', '-c', text], { cwd: '/tmp/w', input: '' })
  expect(machine.kernel.faults).toEqual([])
  return { stdout, status }
}

const word = fc.constantFrom(
  'a',
  '"b c"',
  "'d'",
  '$x',
  '"$x"',
  '${y:-z}',
  '$((1+2))',
  '$(echo s)',
  '*',
  '\\$',
  '"$@"',
  '${x#h}',
  '${#x}',
)
const simple = fc.oneof(
  fc.array(word, { maxLength: 4 }).map((words) => `echo ${words.join(' ')}`),
  fc.constantFrom(
    'true',
    'false',
    'x=hi',
    'y=$x$x',
    'set -- p q',
    'test "$x" = hi',
    '[ 1 -lt 2 ]',
    'shift 2>/dev/null',
    'printf "%s|" a "$x" c',
    'mkdir -p q && cd q',
    'read z < /etc/hostname',
    ': ${w:=v}',
  ),
)
const command: fc.Arbitrary<string> = fc.letrec<{ command: string }>((tie) => ({
  command: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    simple,
    fc.tuple(tie('command'), fc.constantFrom(' && ', ' || ', '; '), tie('command')).map((parts) => parts.join('')),
    tie('command').map((body) => `{ ${body}; }`),
    tie('command').map((body) => `( ${body})`),
    tie('command').map((body) => `{ ${body}; } | cat`),
    fc.tuple(tie('command'), tie('command'), tie('command')).map(([a, b, c]) => `if ${a}; then ${b}; else ${c}; fi`),
    tie('command').map((body) => `for i in 1 2; do ${body}; done`),
    tie('command').map((body) => `case $x in h*) ${body};; *) echo other;; esac`),
    tie('command').map((body) => `echo "[$( ${body})]"`),
    tie('command').map((body) => `! { ${body}; }; echo $?`),
  ),
})).command

describe.skipIf(absent)("side by side with the machine's own busybox sh (skipped where there is none)", () => {
  for (const [index, snippet] of CORPUS.split('\n====\n').entries()) {
    test(`snippet ${index + 1} prints and ends the same: ${snippet.trim().split('\n')[0]!.slice(0, 60)}`, async () => {
      expect(await ours(snippet)).toEqual(real(snippet))
    }, 20_000)
  }

  test('scripts made from the grammar print and end the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 4 }), async (lines) => {
        const text = `${lines.join('\n')}\necho "end $?"`
        expect(await ours(text)).toEqual(real(text))
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 60), seed: 7 },
    )
  }, 120_000)
})
