import { expect, test } from 'vitest'
import { runAway } from './runaway.ts'

/** Real ms that each may run before Ctrl-C. */
const REAL = 120

test.each([
  'while :; do :; done',
  'yes > /tmp/y',
  'cat /dev/zero | wc -c',
  'seq 1 1000000000 | tail -1',
  "awk 'BEGIN{while(1)i++}'",
  'read x < /dev/zero',
  'tail -f /dev/null',
  'head -c 10G /dev/zero | sort',
  'split -b 1 /bin/busybox /tmp/s',
  'x=aaaa; while :; do x=${x//a/bbbb}; x=${x//b/aaaa}; done',
  ':(){ :|:& };:',
])(
  'Ctrl-C stops it at once, and it takes little of the host: %s',
  async (text) => {
    const { stopped, deaf, memory } = await runAway(text, { real: REAL })
    expect(stopped).toBeLessThan(3000)
    expect(deaf).toBeLessThan(3000)
    expect(memory).toBeLessThan(400e6)
  },
  30_000,
)

test("a fork bomb is refused processes in bash's words, and the machine lives on", async () => {
  const { shown } = await runAway('ulimit -u 30; :(){ :|:& };:', { real: 1500, virtual: 5000 })
  expect(shown).toContain('fork: retry: Resource temporarily unavailable')
}, 30_000)

test.each(["PS1='$(while :; do :; done)$ '", "x=kept; PROMPT_COMMAND='while :; do :; done'"])(
  'Ctrl-C leads out of a prompt without end, and the next command is heard: %s',
  async (text) => {
    const { stopped, next } = await runAway(text, { real: REAL, next: "PS1='# ' PROMPT_COMMAND=; echo $((6 * 7))$x" })
    expect(stopped).toBeLessThan(3000)
    expect(next).toContain(text.startsWith('x') ? '\n42kept\n' : '\n42\n')
  },
  30_000,
)
