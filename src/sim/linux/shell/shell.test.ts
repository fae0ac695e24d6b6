import { expect, test } from 'vitest'
import { programs } from '../../programs/index.ts'
import { run as drive } from '../../time/driver.ts'
import { testMachine } from './test-machine.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))

function bash(text: string, limits: { seconds?: number } = {}) {
  return testMachine(programs, drain).run(['bash', '-c', text], limits)
}

test("messages are bash's, with line and status", async () => {
  expect(await bash('nosuch; echo $?\ncd /nope')).toEqual({
    stdout: '127\n',
    stderr: 'bash: line 1: nosuch: command not found\nbash: line 2: cd: /nope: No such file or directory\n',
    status: 1,
  })
  expect((await bash('echo a; )')).stderr).toBe(
    "bash: -c: line 1: syntax error near unexpected token `)'\nbash: -c: line 1: `echo a; )'\n",
  )
})

test('what the end of the script leaves open does not run', async () => {
  expect(await bash('echo a\nfor i in 1 2; do\n  echo $i\n')).toEqual({
    stdout: 'a\n',
    stderr: 'bash: -c: line 4: syntax error: unexpected end of file\n',
    status: 2,
  })
})

test('after -- the format of printf may begin with a hyphen', async () => {
  expect((await bash('printf -- "- %s\\n" a; printf "-n"')).stdout).toBe('- a\n')
})

test('arrays, associative arrays and process substitution work as in bash', async () => {
  const { stdout } = await bash(
    'a=(x "y z"); declare -A m=([k]=v); echo "${#a[@]} ${a[1]} ${m[k]}"; diff <(echo 1) <(echo 2) | head -1',
  )
  expect(stdout).toBe('2 y z v\n1c1\n')
})

test.each([
  ['f() { f; }; f', 'f: maximum function nesting level exceeded (1000)'],
  ['x=a; while :; do x=$x$x; done', 'xrealloc: cannot allocate'],
  ['echo {1..99999999}', 'brace expansion: failed to allocate memory'],
  ['echo $(yes)', 'xrealloc: cannot allocate'],
  ['/bin/ls $(seq 1 300000)', 'Argument list too long'],
])(
  'runaway is bounded: %s',
  async (text, words) => {
    expect((await bash(text)).stderr).toContain(words)
  },
  20_000,
)

test('an endless loop consumes virtual time, so it can be stopped', async () => {
  const { status } = await bash('while :; do :; done', { seconds: 2 })
  expect(status).toBeUndefined()
})

async function terminal(typed: readonly string[]): Promise<string> {
  const machine = testMachine(programs, drain)
  const { kernel, clock, waiting } = machine
  kernel.files.write('/root/.bashrc', "PS1='\\u@\\h:\\w\\$ '\n")
  const { pty, master, slave } = kernel.openPty()
  const fds = new Map([0, 1, 2].map((fd) => [fd, slave] as const))
  const env = new Map([
    ['PATH', '/usr/bin:/bin'],
    ['HOME', '/root'],
  ])
  kernel.spawn({ argv: ['bash'], fds, env, cwd: '/root', newSession: true })
  let screen = ''
  void (async () => {
    for (let bytes = await master.read(65_536); bytes.length > 0; bytes = await master.read(65_536))
      screen += new TextDecoder().decode(bytes)
  })()
  const go = (ms: number) => drive(clock, waiting, drain, { until: clock.now + ms, maxEvents: 100_000 })
  await go(500)
  for (const text of typed) {
    pty.type(new TextEncoder().encode(text))
    waiting.awakened = true
    await go(500)
  }
  return screen.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
}

test('Ctrl-C stops a loop and a program, Ctrl-Z stops a job that fg continues', async () => {
  const screen = await terminal([
    'while :; do :; done\r',
    '\x03',
    'echo still here\r',
    'cat\r',
    '\x1a',
    'jobs\r',
    'fg\r',
    'line\r',
    '\x04',
    'echo end\r',
  ])
  expect(screen).toContain('still here\r\n')
  expect(screen).toContain('[1]+  Stopped                 cat')
  expect(screen).toContain('line\r\nline\r\n')
  expect(screen).toContain('end\r\n')
})

test('editing keys, history search and wide characters', async () => {
  const screen = await terminal(['ecXho one\x01\x06\x06\x04\r', 'echo 世界\x1b[D界\r', '\x12one\r', 'ech\tagain\r'])
  expect(screen.match(/\rone\r\n/g)?.length).toBe(2)
  expect(screen).toContain('世界界\r\n')
  expect(screen).toContain('again\r\n')
})
