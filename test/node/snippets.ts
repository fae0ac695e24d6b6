import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodePrograms } from '../../src/sim/programs/node/index.ts'
import { runProgram } from '../../src/sim/programs/testing/run-program.ts'

const MARK = '\x01'
const folder = join(process.env.KUBEBOOK_ROOT ?? '.', 'test/node')

/** Scripts of snippets.txt, told apart by lines of `///`. */
export const snippets = readFileSync(join(folder, 'snippets.txt'), 'utf8').replace(/\n$/, '').split('\n///\n')
export const answersFile = join(folder, 'answers.json')

/**
 * What is known to differ: words for some errors of destructuring, chunks of streams that are joined, what iterators
 * hold, weak references within a turn, and which of two failures at once is told first. The commands of `child_process` are not on the test's machine.
 */
export const KNOWN_DIFFERENCES =
  /null\[Symbol|const \{ a \} = null|pipeline\(|\bexec\(|spawn\('echo'|execFile\(|new WeakRef|\]\)\.keys\(\)|await r\.text\(\)|127\.0\.0\.1:9999|fs\.readFile\('\/no\/such', \(/

/** One process runs all of them, each a module, one after the other. */
const driver = (count: number, pause: number) => `
process.on('uncaughtException', (error) => console.log('uncaught', error && error.message))
;(async () => {
  for (let i = 0; i < ${count}; i++) {
    console.log('${MARK}')
    try { require('./s' + i + '.js') } catch (error) { console.log('thrown', error.message) }
    await new Promise((go) => setTimeout(go, ${pause}))
  }
})()`

function files(pause: number): Record<string, string> {
  return {
    'driver.js': driver(snippets.length, pause),
    ...Object.fromEntries(snippets.map((text, i) => [`s${i}.js`, text])),
  }
}

const parts = (output: string) => output.split(`${MARK}\n`).slice(1)

/** What the machine's own Node prints for each; undefined where there is none. */
export function realAnswers(): string[] | undefined {
  const cwd = mkdtempSync(join(tmpdir(), 'kubebook-node-'))
  for (const [name, text] of Object.entries(files(400))) writeFileSync(join(cwd, name), text)
  const { stdout, error } = spawnSync('node', ['driver.js'], { cwd, encoding: 'utf8', timeout: 240_000, input: '' })
  rmSync(cwd, { recursive: true })
  return error ? undefined : parts(stdout)
}

/** What ours prints for each. */
export async function ourAnswers(): Promise<string[]> {
  const [, node] = nodePrograms[0]!
  const inRoot = Object.fromEntries(Object.entries(files(500)).map(([name, text]) => [`/root/${name}`, text]))
  const { stdout, stderr } = await runProgram(node, ['node', 'driver.js'], { files: inRoot })
  if (process.env.KUBEBOOK_SHOW) console.error(stderr)
  return parts(stdout)
}
